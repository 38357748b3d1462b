import { afterAll, expect, test as sequentialTest, vi } from 'vitest'
import { createCorrectAnswers, problem } from './test-gateway.ts'
import { createTestShop, dueAtLeast, numberIn, numbersBelow } from './test-shop.ts'

const CLOSED_PORT = 'http://127.0.0.1:1'

// Each has its own thread and servers, and mostly waits.
const test = sequentialTest.concurrent
const { gateway, sell, stop } = createTestShop()
afterAll(stop)

test('the ledger has every checkout once, byte for byte as a gateway received it, with each 202', async () => {
  const gateways = [await gateway(createCorrectAnswers(0)), await gateway(createCorrectAnswers(1))]
  const storefront = sell(gateways.map(({ url }) => url))
  await dueAtLeast(storefront, 150)
  const result = await storefront.finish(4_000)

  const ledger = storefront.readLedger()
  const arrivals = ledger.filter(({ reusesKeyOf }) => reusesKeyOf === undefined)
  expect(arrivals.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(
    numbersBelow(result.sent, () => true),
  )
  expect(result).toMatchObject({ acknowledged: result.sent, givenUp: 0, brokenReplays: [], resent: 0 })
  expect(result.acks.at).toHaveLength(result.sent)
  expect(ledger).toHaveLength(result.sent + result.keysReused)

  const bodies = gateways.flatMap(({ received }) => received.map(({ body }) => body))
  expect(new Set(ledger.map(({ body }) => body))).toEqual(new Set(bodies))
  expect(new Set(ledger.map(({ body }) => numberIn(body)))).toEqual(
    new Set(ledger.map(({ number }) => number)),
  )
  for (const { number, key, acknowledgements } of arrivals) {
    expect(key).toBe(number % 151 === 7 ? undefined : `"test-${number}"`)
    expect(acknowledgements).toHaveLength(number % 97 === 5 ? 2 : 1)
  }
})

test('a rejected request is retried with the same key and body at the other gateway, after Retry-After', async () => {
  const busy = await gateway((response) => problem(response, 503, 'overloaded', { 'retry-after': '1' }))
  const right = await gateway(createCorrectAnswers(0))
  const storefront = sell([busy.url, right.url], 100)
  await dueAtLeast(storefront, 4)
  const { acknowledged, sent, acks, refused, withoutRetryAfter } = await storefront.finish(4_000)

  expect(acknowledged).toBe(sent)
  expect(Math.max(...acks.attempts)).toBe(2)
  expect(refused.failures).toEqual(['503 overloaded'])
  expect(new Set(refused.gateway)).toEqual(new Set([0]))
  expect(refused.at).toHaveLength(busy.received.length)
  expect(withoutRetryAfter).toBe(0)
  for (const { key, body, at } of busy.received) {
    const again = right.received.find((one) => one.body === body)
    expect(again?.key).toBe(key)
    expect(again?.at).toBeGreaterThanOrEqual(at + 999)
  }
})

test('a 503 without Retry-After is counted, and a 202 without an event id does not count', async () => {
  const right = createCorrectAnswers(0)
  const { url } = await gateway((response, checkout) => {
    if (checkout.index === 0) problem(response, 503, 'draining')
    else if (checkout.index === 1) response.writeHead(500).end('oops')
    else if (checkout.index === 2) response.writeHead(202).end('{}')
    else right(response, checkout)
  })
  const storefront = sell([url])
  await dueAtLeast(storefront, 4)
  const { acknowledged, sent, refused, withoutRetryAfter } = await storefront.finish(4_000)
  expect(acknowledged).toBe(sent)
  expect(withoutRetryAfter).toBe(1)
  expect([...refused.failure].map((code) => refused.failures[code])).toEqual([
    '503 draining',
    '500',
    '202 unreadable',
  ])
})

test('a gateway that refuses connections is avoided for a second', async () => {
  const right = await gateway(createCorrectAnswers(0))
  const storefront = sell([CLOSED_PORT, right.url])
  await dueAtLeast(storefront, 600)
  const { acknowledged, sent, refused } = await storefront.finish(4_000)
  expect(acknowledged).toBe(sent)
  expect(refused.failures).toEqual(['connection refused'])
  expect(refused.at.length).toBeGreaterThan(1)
  const [first = 0] = refused.at
  expect([...refused.began].filter((began) => began > first && began < first + 1_000)).toEqual([])
})

test('a kept connection closed at its reuse is not a failed request', async () => {
  const right = createCorrectAnswers(0)
  const used = new Set<unknown>()
  const { url } = await gateway((response, checkout) => {
    const { socket } = checkout.request
    if (used.has(socket)) socket.destroy()
    else right(response, checkout)
    used.add(socket)
  })
  const storefront = sell([url], 100)
  await dueAtLeast(storefront, 20)
  const { acknowledged, sent, refused, resent } = await storefront.finish(4_000)
  expect(acknowledged).toBe(sent)
  expect(resent).toBeGreaterThan(0)
  expect(refused.at).toHaveLength(0)
  const requests = storefront.readLedger().reduce((sum, { attempts }) => sum + attempts, 0)
  expect(requests).toBe(used.size + resent)
})

test('customers keep arriving at their rate without answers, with at most a thousand concurrent requests', async () => {
  const right = createCorrectAnswers(0)
  const unanswered: (() => void)[] = []
  let released = false
  const stalled = await gateway((response, checkout) => {
    if (released) right(response, checkout)
    else unanswered.push(() => right(response, checkout))
  })
  const storefront = sell([stalled.url], 2_000)
  await dueAtLeast(storefront, 1_500)
  await vi.waitFor(() => expect(stalled.received.length).toBeGreaterThanOrEqual(1_000))
  expect(stalled.received).toHaveLength(1_000)
  expect((await storefront.progress()).waiting).toBeGreaterThanOrEqual(1_500)
  released = true
  for (const answer of unanswered) answer()
  const { acknowledged, sent, acks } = await storefront.finish(4_000)

  expect(acknowledged).toBe(sent)
  const due = [...acks.at].map((at, i) => at - (acks.sinceDueMs[i] ?? 0)).toSorted((a, b) => a - b)
  const [start = 0] = due
  expect(due.filter((at, n) => Math.abs(at - start - n / 2) > 0.1)).toEqual([])
})

test('after the time limit, unacknowledged checkouts are given up and are in the ledger', async () => {
  const busy = await gateway((response, { index }) => {
    if (index % 2 === 0) problem(response, 503, 'kafka-unavailable', { 'retry-after': '1' })
  })
  const storefront = sell([busy.url])
  await dueAtLeast(storefront, 40)
  const { sent, acknowledged, givenUp, refused } = await storefront.finish(50)
  expect({ acknowledged, givenUp }).toEqual({ acknowledged: 0, givenUp: sent })
  expect(refused.failures).toEqual(['503 kafka-unavailable'])
  const ledger = storefront.readLedger()
  expect(ledger).toHaveLength(sent)
  expect(ledger.flatMap(({ acknowledgements }) => acknowledgements)).toEqual([])
})
