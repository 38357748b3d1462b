import { sign } from 'hono/jwt'
import { expect, test, vi } from 'vitest'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { problem, startApp } from '../testing/app.ts'

const buy = JSON.stringify(boughtQuickly)
const look = JSON.stringify(didNotBuy)
const LIMIT = 100

/** The app with so many visits in flight that no more are admitted. */
function startFull() {
  const started = startApp()
  for (let n = 0; n < LIMIT; n++) started.admission.enter('browse')
  return started
}

/** A body that must not be read. */
function unread() {
  let pulled = false
  const body = new ReadableStream<Uint8Array>({ pull: () => void (pulled = true) }, { highWaterMark: 0 })
  return { body, wasRead: () => pulled }
}

test('visits are rejected, purchases are not', async () => {
  const { post, publish } = startFull()
  const refused = await post(look)
  expect(refused.status).toBe(503)
  expect(await refused.json()).toEqual(problem('overloaded'))
  expect(refused.headers.get('retry-after')).toMatch(/^[123]$/)
  expect((await post(buy)).status).toBe(202)
  expect(publish).toHaveBeenCalledOnce()
})

test.each([
  ['u=4', true],
  ['u=7, i', true],
  ['i, u=5', true],
  ['u=3', false],
  ['u=0', false],
  ['i', false],
  ['u=9', false],
  ['nonsense u=5', false],
])('Priority %s: rejected before its body is read: %s', async (priority, early) => {
  const { post } = startFull()
  const { body, wasRead } = unread()
  const response = await post(body, { priority })
  expect(response.status).toBe(early ? 503 : 408)
  expect(wasRead()).toBe(!early)
})

test('the body takes precedence over the header: an urgent visit is rejected, a non-urgent purchase is not', async () => {
  const { post } = startFull()
  expect((await post(look, { priority: 'u=0' })).status).toBe(503)
  const { post: calm } = startApp()
  expect((await calm(buy, { priority: 'u=7' })).status).toBe(202)
})

test('when visits are rejected, only the fields that identify a visit are parsed', async () => {
  const faulty = { edad: 131, taps: 0, folio: null }
  const calm = startApp()
  expect((await calm.post(JSON.stringify(faulty))).status).toBe(422)
  const { post } = startFull()
  const status = async (body: object | string) =>
    (await post(typeof body === 'string' ? body : JSON.stringify(body))).status
  expect(await status(faulty)).toBe(503)
  expect(await status({ ...faulty, taps: ' 12.5' })).toBe(422)
  expect(await status({ ...faulty, folio: 'SRZ-5509' })).toBe(422)
  expect(await status('[')).toBe(400)
})

test('a repetition with a remembered answer is answered at any load, and does not count', async () => {
  const { app, post, admission, checkRoom } = startApp()
  const headers = { 'idempotency-key': 'k', priority: 'u=6' }
  const first = await post(look, headers)
  for (let n = 0; n < LIMIT; n++) admission.enter('browse')
  checkRoom.mockImplementation(() => {
    throw new ProblemError('overloaded')
  })
  const again = await post(look, headers)
  expect([again.status, await again.text()]).toEqual([202, await first.text()])
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect((await app.request('/health/live')).status).toBe(200)
})

test('so is a repetition of a batch, also of a partly rejected one', async () => {
  const { app, publish, admission } = startApp()
  const send = (records: unknown[]) =>
    app.request('/checkout/batch', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'b', priority: 'u=6' },
      body: JSON.stringify(records),
    })
  const resultsOf = async (response: Response) =>
    ((await response.json()) as { results: { status: number; replayed?: true }[] }).results
  await send([didNotBuy, { ...didNotBuy, edad: 131 }])
  for (let n = 0; n < LIMIT; n++) admission.enter('browse')
  const results = await resultsOf(await send([didNotBuy, { ...didNotBuy, edad: 13 }]))
  expect(results).toMatchObject([{ status: 202, replayed: true }, { status: 503 }])
  expect(publish).toHaveBeenCalledOnce()
})

test('a key of another customer is not a repetition, and the answer does not reveal it', async () => {
  const keys = createTestKeys()
  const { id, hash } = keys.mint('web', ['write'])
  const { post, admission } = startApp({ access: keys.open().access })
  const tokenFor = async (customer: string) => {
    const exp = Math.floor(Date.now() / 1_000) + 60
    return {
      authorization: `Bearer ${await sign({ iss: id, sub: customer, exp, scope: 'write' }, hash, 'HS256')}`,
    }
  }
  const [a, b] = [await tokenFor(didNotBuy.id), await tokenFor('b'.repeat(24))]
  const under = (key: string, headers: object) => ({ 'idempotency-key': key, priority: 'u=6', ...headers })
  await post(look, under('k', a))
  for (let n = 0; n < LIMIT; n++) admission.enter('browse')
  expect((await post(look, under('k', a))).status).toBe(202)
  const refused = await Promise.all(
    ['k', 'never-used'].map(async (key) => {
      const { body, wasRead } = unread()
      const response = await post(body, under(key, b))
      return [response.status, wasRead(), await response.text()]
    }),
  )
  expect(refused[0]).toEqual([503, false, expect.stringContaining('overloaded')])
  expect(refused[1]).toEqual(refused[0])
})

test('reads and pages have their shares, and are rejected beyond them', async () => {
  const { app, results, admission } = startFull()
  results.mockImplementation(async () => Response.json({}))
  const status = async (path: string) => (await app.request(path)).status
  expect([await status('/notifications'), await status('/docs')]).toEqual([200, 200])
  for (let n = 0; n < 10; n++) admission.enter('read')
  for (let n = 0; n < 2; n++) admission.enter('page')
  expect([await status('/notifications'), await status('/docs'), await status('/openapi.json')]).toEqual([
    503, 503, 503,
  ])
  expect(await status('/health/ready')).toBe(200)
})

test('a request leaves the limit however it ends', async () => {
  const { app, post, publish, results, admission } = startApp()
  publish
    .mockRejectedValueOnce(new ProblemError('kafka-unavailable'))
    .mockRejectedValueOnce(new Error('a bug'))
  results.mockRejectedValueOnce(new Error('a bug')).mockResolvedValueOnce(Response.json({}))
  for (const request of [post(buy), post(look), post(look), post('{')]) await request
  for (let n = 0; n < 3; n++) await app.request('/notifications')
  await app.request('/docs')
  expect(admission.load().inFlight).toBe(0)
})

test('a request that waits for an outcome does not count against the limit', async () => {
  const { app, results, admission } = startApp()
  const answer = Promise.withResolvers<Response>()
  results.mockReturnValue(answer.promise)
  const waiting = app.request(`/checkout/${'f'.repeat(32)}`, { headers: { prefer: 'wait=30' } })
  const reading = app.request(`/checkout/${'f'.repeat(32)}`)
  await vi.waitFor(() => expect(admission.load().inFlight).toBe(1))
  answer.resolve(Response.json({}))
  await Promise.all([waiting, reading])
})

test('a rejected purchase gets a queue ticket, and is retried with it', async () => {
  const { post, publish, checkRoom } = startApp()
  checkRoom.mockImplementationOnce(() => {
    throw new ProblemError('overloaded')
  })
  const key = { 'idempotency-key': 'order-7' }
  const before = Date.now()
  const { body, wasRead } = unread()
  const refused = await post(body, key)
  expect([refused.status, wasRead()]).toEqual([503, false])
  const place = refused.headers.get('checkout-place') ?? ''
  const since = Number(place.split('.')[0])
  expect(since).toBeGreaterThanOrEqual(before)

  publish.mockRejectedValueOnce(new ProblemError('kafka-unavailable'))
  const again = await post(buy, { ...key, 'checkout-place': place })
  expect([again.status, again.headers.get('checkout-place')]).toEqual([503, place])
  expect(checkRoom).toHaveBeenLastCalledWith(since)
  const served = await post(buy, { ...key, 'checkout-place': place })
  expect([served.status, served.headers.get('checkout-place')]).toEqual([202, null])
  expect(publish.mock.lastCall?.[0].since).toBe(since)
})

test.each(['u=3', 'u=5'])(
  'a visit rejected in favour of purchases gets no queue ticket (%s)',
  async (priority) => {
    const { post } = startFull()
    const refused = await post(look, { 'idempotency-key': 'visit-7', priority })
    expect([refused.status, refused.headers.get('checkout-place')]).toEqual([503, null])
  },
)

test('a ticket of another holder is ignored', async () => {
  const { post, publish } = startApp()
  const started = Date.now()
  await post(buy, { 'idempotency-key': 'order-7', 'checkout-place': `1764504000000.${'A'.repeat(43)}` })
  expect(publish.mock.lastCall?.[0].since).toBeGreaterThanOrEqual(started)
})

test('a request without a key gets no ticket', async () => {
  const { post, publish } = startApp()
  publish.mockRejectedValueOnce(new ProblemError('overloaded'))
  const refused = await post(buy)
  expect([refused.status, refused.headers.get('checkout-place')]).toEqual([503, null])
})

test('a wait without anything to wait for counts against the limit', async () => {
  const { app, results, admission } = startApp()
  const answer = Promise.withResolvers<Response>()
  results.mockReturnValue(answer.promise)
  const reading = app.request('/notifications', { headers: { prefer: 'wait=30' } })
  await Promise.resolve()
  expect(admission.load().inFlight).toBe(1)
  answer.resolve(Response.json({}))
  await reading
})

test('beyond a thousand waiting requests, reads count against the limit, and a checkout is answered without waiting', async () => {
  const { app, post, results, admission } = startApp()
  const answer = Promise.withResolvers<Response>()
  results.mockImplementation(async () => (await answer.promise).clone() as Response)
  const wait = async () => app.request(`/checkout/${'f'.repeat(32)}`, { headers: { prefer: 'wait=30' } })
  const waiting = Array.from({ length: 1_000 }, wait)
  await vi.waitFor(() => expect(results).toHaveBeenCalledTimes(1_000))
  expect(admission.load().inFlight).toBe(0)
  waiting.push(wait())
  await vi.waitFor(() => expect(results).toHaveBeenCalledTimes(1_001))
  expect(admission.load().inFlight).toBe(1)
  expect(results.mock.lastCall?.[0].headers.has('prefer')).toBe(false)
  expect((await post(buy, { prefer: 'wait=30' })).status).toBe(202)
  expect(results).toHaveBeenCalledTimes(1_001)
  const outcome = { checkout: boughtQuickly, source: { partition: 0, offset: 0 } }
  answer.resolve(Response.json({ status: 'classified', outcome }))
  await Promise.all(waiting)
  expect((await post(buy, { prefer: 'wait=30' })).status).toBe(200)
})
