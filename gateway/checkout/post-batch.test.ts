import pino from 'pino'
import { describe, expect, test } from 'vitest'
import { ProblemError } from '../../backbone/problem.ts'
import { didNotBuy } from '../../test/sample-checkouts.ts'
import { MAX_BATCH_BYTES, MAX_BODY_BYTES, problem } from '../testing/app.ts'
import { answerOf, faulty, numbered, startBatches, statuses } from '../testing/batches.ts'
import { MOST_RECORDS } from './read-batch.ts'

describe('a batch', () => {
  test('is answered with the result that each checkout would have alone, in order', async () => {
    const { sendAll, post, publish } = startBatches()
    const response = await sendAll([numbered(1), faulty, didNotBuy, { ...numbered(2), edad: '44' }])
    expect(response.status).toBe(207)
    const { results } = await answerOf(response)
    expect(results).toEqual([
      { status: 202, retry: false, accepted: expect.objectContaining({ lane: 'purchase', offset: 0 }) },
      {
        status: 422,
        retry: false,
        problem: await (await post(JSON.stringify(faulty))).json(),
      },
      { status: 202, retry: false, accepted: expect.objectContaining({ lane: 'browse', offset: 1 }) },
      {
        status: 202,
        retry: false,
        accepted: expect.objectContaining({
          offset: 2,
          corrections: [{ pointer: '/edad', correction: 'text to number' }],
        }),
      },
    ])
    expect(publish).toHaveBeenCalledTimes(3)
  })

  test.each([
    { name: 'all are accepted', records: [numbered(1), numbered(2)], status: 202, type: 'application/json' },
    { name: 'some are faulty', records: [numbered(1), faulty], status: 207, type: 'application/json' },
    { name: 'all are faulty', records: [faulty, 7, null, []], status: 422, type: 'application/problem+json' },
  ])('is $status when $name', async ({ records, status, type }) => {
    const { sendAll } = startBatches()
    const response = await sendAll(records)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe(type)
    expect((await answerOf(response)).results).toHaveLength(records.length)
  })

  test('is 503 when none could be stored, and says which to retry', async () => {
    const { sendAll, publish } = startBatches()
    publish.mockRejectedValue(new ProblemError('kafka-unavailable'))
    const response = await sendAll([numbered(1), faulty])
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
    const body = await answerOf(response)
    expect(body).toEqual(problem('batch-not-stored'))
    expect(body.results.map(({ status, retry }) => ({ status, retry }))).toEqual([
      { status: 503, retry: true },
      { status: 422, retry: false },
    ])
  })

  test('of which some could not be stored is 207, and the others are accepted', async () => {
    const { sendAll, publish } = startBatches()
    publish.mockRejectedValueOnce(new ProblemError('overloaded'))
    const response = await sendAll([numbered(1), numbered(2)])
    expect(response.status).toBe(207)
    expect(await statuses(response)).toEqual([503, 202])
  })

  test('stores its other records when one fails unexpectedly, and the error is logged', async () => {
    const lines: string[] = []
    const { sendAll, publish } = startBatches(pino({ level: 'error' }, { write: (line) => lines.push(line) }))
    publish.mockRejectedValueOnce(new Error('a bug'))
    expect(await statuses(await sendAll([numbered(1), numbered(2)]))).toEqual([500, 202])
    expect(lines.join('')).toContain('a bug')
  })

  test('that is sent again has the same events', async () => {
    const { sendAll, publish } = startBatches()
    const records = [numbered(1), numbered(2)]
    const [first, again] = [await answerOf(await sendAll(records)), await answerOf(await sendAll(records))]
    expect(again.results).toEqual(first.results.map((result) => Object.assign(result, { replayed: true })))
    expect(publish).toHaveBeenCalledTimes(2)
  })
})

describe('lines', () => {
  test.each(['application/x-ndjson', 'application/ndjson; charset=utf-8', 'application/jsonl'])(
    '%s is one checkout a line',
    async (type) => {
      const { sendLines } = startBatches()
      const lines = `${JSON.stringify(numbered(1))}\r\n\n${JSON.stringify(numbered(2))}`
      expect(await statuses(await sendLines(lines, type))).toEqual([202, 202])
    },
  )

  test('that are not JSON do not affect the other lines', async () => {
    const { sendLines } = startBatches()
    const response = await sendLines(`{"id":\n${JSON.stringify(numbered(1))}\nnull\n`)
    expect(await statuses(response)).toEqual([400, 202, 422])
  })

  test('that are not UTF-8 do not affect the other lines, and are named', async () => {
    const { sendLines, publish } = startBatches()
    const lines = [
      Buffer.from(`${JSON.stringify(numbered(1))}\n\n`),
      Buffer.from(`${JSON.stringify({ ...numbered(2), nombre: 'Iñaki' })}\n`, 'latin1'),
      Buffer.from(`${JSON.stringify({ ...numbered(3), nombre: 'Iñaki' })}\n`),
      Buffer.from(JSON.stringify(numbered(4)), 'utf16le'),
    ]
    const response = await sendLines(Buffer.concat(lines))
    const { results } = await answerOf(response)
    expect([response.status, ...results.map(({ status }) => status)]).toEqual([207, 202, 400, 202, 400])
    expect(results[1]?.problem).toEqual(problem('malformed-json'))
    expect(results[1]?.problem?.detail).toBe('Line 3 is not UTF-8')
    expect(publish).toHaveBeenCalledTimes(2)
  })

  test('may each begin with a byte order mark, as in concatenated files', async () => {
    const { sendLines } = startBatches()
    const [one, two] = [JSON.stringify(numbered(1)), JSON.stringify(numbered(2))]
    expect(await statuses(await sendLines(`\ufeff${one}\r\n\ufeff${two}\n\ufeff\n\ufeff`))).toEqual([
      202, 202,
    ])
  })
})

describe('limits', () => {
  test.each([
    { count: MOST_RECORDS, status: 202, code: undefined },
    { count: MOST_RECORDS + 1, status: 422, code: 'batch-too-large' },
    { count: 0, status: 422, code: 'invalid-batch' },
  ])('$count checkouts: $status', async ({ count, status, code }) => {
    const { sendAll, sendLines } = startBatches()
    const records = Array.from({ length: count }, (_, n) => numbered(n))
    const asLines = await sendLines(records.map((record) => JSON.stringify(record)).join('\n'))
    const asArray = await sendAll(records)
    expect([asArray.status, asLines.status]).toEqual([status, status])
    if (code !== undefined) expect(await asArray.json()).toEqual(problem(code))
  })

  test.each([
    { by: 'array', bytes: MAX_BODY_BYTES, status: 202 },
    { by: 'array', bytes: MAX_BODY_BYTES + 1, status: 413 },
    { by: 'lines', bytes: MAX_BODY_BYTES, status: 202 },
    { by: 'lines', bytes: MAX_BODY_BYTES + 1, status: 413 },
  ])('a checkout of $bytes bytes in $by, as it is sent: $status', async ({ by, bytes, status }) => {
    const { send, sendLines, post } = startBatches()
    const spaced = JSON.stringify(numbered(1))
    const record = spaced.replace('{', `{${' '.repeat(bytes - Buffer.byteLength(spaced))}`)
    const other = JSON.stringify(numbered(2))
    const response = await (by === 'array'
      ? send(`[${record} ,\t${other} ]`)
      : sendLines(` ${record}\r\n${other}\t`))
    expect(await statuses(response)).toEqual([status, 202])
    expect((await post(record)).status).toBe(status)
  })

  test.each([
    { bytes: MAX_BATCH_BYTES, status: 202 },
    { bytes: MAX_BATCH_BYTES + 1, status: 413 },
  ])('a body of $bytes bytes: $status', async ({ bytes, status }) => {
    const { send } = startBatches()
    const response = await send(JSON.stringify([didNotBuy]).padEnd(bytes))
    expect(response.status).toBe(status)
  })
})

test.each([
  ['{}', 422, 'invalid-batch'],
  ['"text"', 422, 'invalid-batch'],
  ['[{]', 400, 'malformed-json'],
  ['', 400, 'malformed-json'],
])('%s is no batch', async (body, status, code) => {
  const { send, publish } = startBatches()
  const response = await send(body)
  expect(response.status).toBe(status)
  expect(await response.json()).toEqual(problem(code))
  expect(publish).not.toHaveBeenCalled()
})

test('other types and methods are refused', async () => {
  const { send, app } = startBatches()
  const typed = await send('[]', { 'content-type': 'text/csv' })
  expect(typed.status).toBe(415)
  expect(typed.headers.get('accept')).toBe('application/json, application/x-ndjson')
  const got = await app.request('/checkout/batch')
  expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
})
