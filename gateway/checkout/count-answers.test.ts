import { expect, test } from 'vitest'
import { quantile } from '../../backbone/figures/latency-buckets.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { didNotBuy } from '../../test/sample-checkouts.ts'
import { faulty, numbered, startBatches } from '../testing/batches.ts'

const total = (buckets: Record<string, number> = {}) =>
  Object.values(buckets).reduce((sum, count) => sum + count, 0)

test('answers count by lane and status, those of a batch each alone', async () => {
  const { post, sendAll, answers } = startBatches()
  await post(JSON.stringify(numbered(1)))
  await post(JSON.stringify(numbered(1)))
  await post(JSON.stringify(didNotBuy))
  await post(JSON.stringify(faulty))
  await post('{')
  await post('x'.repeat(2_000))
  await post('{}', { 'content-type': 'text/html' })
  expect((await sendAll([numbered(2), faulty, { ...didNotBuy, edad: 7 }])).status).toBe(207)
  expect((await sendAll([faulty, 7])).status).toBe(422)
  expect((await sendAll([])).status).toBe(422)
  const { answers: counted, latency } = answers.figures()
  expect(counted).toEqual({
    purchase: { 202: 3 },
    browse: { 202: 2 },
    unknown: { 400: 1, 413: 1, 415: 1, 422: 5 },
  })
  expect([total(latency.purchase), total(latency.browse), latency.unknown]).toEqual([3, 2, undefined])
})

test('a refused checkout counts in the lane that its body or its header shows', async () => {
  const { post, sendAll, publish, checkRoom, admission, answers } = startBatches()
  publish.mockRejectedValueOnce(new ProblemError('kafka-unavailable'))
  await post(JSON.stringify(numbered(1)))
  publish.mockRejectedValueOnce(new ProblemError('overloaded'))
  await sendAll([numbered(2), didNotBuy])
  expect(answers.figures().answers).toEqual({ purchase: { 503: 2 }, browse: { 202: 1 } })
  expect(answers.overloaded()).toBe(1)

  checkRoom.mockImplementation(() => {
    throw new ProblemError('overloaded')
  })
  await post(JSON.stringify(numbered(3)))
  await post(JSON.stringify(numbered(3)), { priority: 'u=1' })
  checkRoom.mockReset()
  while (admission.hasRoom('browse')) admission.enter('browse')
  await post('not read', { priority: 'u=5' })
  await post(JSON.stringify({ ...didNotBuy, edad: 44 }))
  expect(answers.figures().answers).toEqual({
    purchase: { 503: 3 },
    browse: { 202: 1, 503: 2 },
    unknown: { 503: 1 },
  })
  expect(answers.overloaded()).toBe(5)
})

test('the wait for an outcome is not part of the latency', async () => {
  const { post, results, answers } = startBatches()
  const began = performance.now()
  let stored = 0
  results.mockImplementation(async () => {
    stored = performance.now() - began
    await new Promise((resolve) => setTimeout(resolve, stored + 50))
    return Response.json({ status: 'accepted' })
  })
  await post(JSON.stringify(numbered(1)), { prefer: 'wait=1' })
  expect(answers.figures().answers).toEqual({ purchase: { 202: 1 } })
  // Its bucket is 5 % wide.
  expect(quantile(answers.figures().latency.purchase ?? {}, 1)).toBeLessThan(1.05 * stored)
})

test('other requests do not count', async () => {
  const { app, answers } = startBatches()
  await app.request('/checkout')
  await app.request('/checkout/0123', { method: 'POST' })
  await app.request('/notifications')
  await app.request('/session', { method: 'POST' })
  expect(answers.figures()).toEqual({ answers: {}, latency: {} })
})
