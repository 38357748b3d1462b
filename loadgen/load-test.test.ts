import { afterEach, expect, test } from 'vitest'
import { createLoadTest, type LoadSummary } from './load-test.ts'
import type { LoadOptions } from './options.ts'
import { failureOf, formatSummary } from './report.ts'
import { type Misbehaviour, startTarget } from './test-target.ts'

const seed = Math.floor(Math.random() * 2 ** 32)
console.log(`seed of the random shoppers: ${seed}`)

const never = new AbortController().signal
const patience = { withoutOutcomeMs: 500, forDoublesMs: 200 }
let stop: (() => Promise<void>) | undefined
afterEach(async () => await stop?.())

async function load(
  misbehaviour: Misbehaviour,
  changes: Partial<LoadOptions> = {},
  stopSending = never,
): Promise<{ summary: LoadSummary; streams: number }> {
  const target = startTarget(misbehaviour)
  stop = () => target.stop()
  const options = { target: target.url, rate: 200, durationMs: 1_000, seed, verify: true, ...changes }
  const summary = await createLoadTest(options, patience).run(stopSending, never)
  return { summary, streams: target.streams() }
}

const right = { accepted: 200, single: 200, missing: 0, doubled: 0, wrongKind: 0, wrongText: 0, lookedUp: 0 }

test('a target that behaves passes', async () => {
  const { summary } = await load({})
  expect(summary.outcomes?.verdict).toMatchObject(right)
  expect(summary.requests).toMatchObject({ sent: 200, accepted: 200, dropped: 0, inFlight: 0 })
  // The target writes its outcomes 20 ms after it answers.
  expect(summary.outcomes?.delay?.fromPost.p50).toBeGreaterThan(18)
  expect(summary.outcomes?.delay?.fromPost.p50).toBeLessThan(200)
  expect(failureOf(summary)).toBeUndefined()
})

test.each<[string, Misbehaviour, object]>([
  ['loses one', { outcomes: (o, n) => (n === 7 ? [] : [o]) }, { single: 199, missing: 1 }],
  ['doubles one', { repeatAfter: (n) => (n === 7 ? 0 : undefined) }, { single: 199, doubled: 1 }],
  [
    'doubles the last, late',
    { repeatAfter: (n) => (n === 199 ? 120 : undefined) },
    { single: 199, doubled: 1 },
  ],
  [
    'sends a wrong text',
    { outcomes: (o) => [{ ...o, message: o.message?.replace('Saludos.', 'Saludos') ?? null }] },
    { wrongText: expect.toSatisfy((count: number) => count > 80) },
  ],
  [
    'says nothing to anyone',
    { outcomes: (o) => [{ ...o, kind: 'none', message: null }] },
    { wrongKind: expect.toSatisfy((count: number) => count > 80) },
  ],
])('a target that %s fails', async (_, misbehaviour, counts) => {
  const { summary } = await load(misbehaviour)
  expect(summary.outcomes?.verdict).toMatchObject({ ...right, ...counts })
  expect(failureOf(summary)).toBe('not every accepted checkout came out exactly once and right')
})

test('outcomes may overtake the answer, and the stream may carry the events of others', async () => {
  const { summary } = await load({ early: true, outcomes: (o, n) => [{ ...o, eventId: `foreign-${n}` }, o] })
  expect(summary.outcomes?.verdict).toMatchObject(right)
})

test('what the stream passed over is looked up before it is called missing', async () => {
  const { summary } = await load({ hide: (n) => n % 50 === 0 })
  expect(summary.outcomes?.verdict).toMatchObject({ ...right, lookedUp: 4 })
  expect(formatSummary(summary)).toMatch(/not on the stream +4/)
})

test('a stream that is cut again and again is resumed without loss or repetition', async () => {
  const { summary, streams } = await load({ cutAfter: 15 })
  expect(summary.outcomes?.verdict).toMatchObject(right)
  expect(streams).toBeGreaterThan(10)
  expect(summary.outcomes?.stream.reconnects).toBeGreaterThan(10)
})

test('refusals are counted by status and are no failure', async () => {
  const { summary } = await load({ refuse: (n) => (n % 10 === 0 ? 503 : undefined) })
  expect(summary.requests.failures).toEqual(new Map([['503', 20]]))
  expect(summary.outcomes?.verdict).toMatchObject({ ...right, accepted: 180, single: 180 })
  expect(failureOf(summary)).toBeUndefined()
  expect(formatSummary(summary)).toMatch(/refused +20 +503: 20/)
})

test('when nothing is accepted, that is said', async () => {
  const { summary } = await load({ refuse: () => 503 }, { verify: false })
  expect(failureOf(summary)).toBe('nothing was accepted')
})

test('without verification nothing follows the stream', async () => {
  const { summary, streams } = await load({ outcomes: () => [] }, { verify: false })
  expect(streams).toBe(0)
  expect(summary.outcomes).toBeUndefined()
  expect(failureOf(summary)).toBeUndefined()
})

test('a stall of the target shows in the latency of all who came meanwhile', async () => {
  let stallUntil = 0
  const stallsFrom = performance.now() + 1_500
  const { summary } = await load(
    {
      async stall() {
        const now = performance.now()
        if (stallUntil === 0 && now > stallsFrom) stallUntil = now + 1_000
        if (now < stallUntil) await Bun.sleep(stallUntil - now)
      },
    },
    { durationMs: 4_000, verify: false },
  )
  // A closed model would have been held up once; here a quarter of all came during the stall.
  expect(summary.requests).toMatchObject({ sent: 800, accepted: 800, dropped: 0 })
  expect(summary.times.all.p99).toBeGreaterThan(900)
  expect(summary.times.all.p95).toBeGreaterThan(700)
  expect(summary.times.all.p50).toBeLessThan(100)
})

test('a stall of the load generator itself counts too', async () => {
  setTimeout(() => Bun.sleepSync(600), 500)
  const { summary } = await load({}, { durationMs: 2_000, verify: false })
  expect(summary.requests).toMatchObject({ sent: 400, dropped: 0 })
  expect(summary.times.all.p95).toBeGreaterThan(400)
  expect(summary.times.lateness.max).toBeGreaterThan(500)
})

test('stopped early, it still follows what was accepted', async () => {
  const { summary } = await load({}, { durationMs: 60_000 }, AbortSignal.timeout(600))
  expect(summary.sendingMs).toBeLessThan(2_000)
  expect(summary.requests.sent).toBeGreaterThan(20)
  expect(summary.outcomes?.verdict.single).toBe(summary.requests.sent)
})

test('nobody there is one clear error', async () => {
  const options = { target: 'http://127.0.0.1:9', rate: 1, durationMs: 1_000, seed, verify: true }
  await expect(createLoadTest(options).run(never, never)).rejects.toThrow('connection refused')
})

test('a target without a stream is one clear error', async () => {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('', { status: 404 }) })
  stop = () => server.stop(true)
  const options = {
    target: `http://127.0.0.1:${server.port}`,
    rate: 1,
    durationMs: 1_000,
    seed,
    verify: true,
  }
  await expect(createLoadTest(options).run(never, never)).rejects.toThrow(
    'stream of notifications: status 404',
  )
})
