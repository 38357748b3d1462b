import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLayoutState } from '../../backbone/layout/layout-state.ts'
import { LEASE_MS } from '../../backbone/layout/lease.ts'
import { createLayoutLease } from './layout-lease.ts'

// Not setTimeout: the tests wait with it.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A layout of 2 partitions that is to become one of 3, as this gateway learns of it. */
function setUp() {
  const state = createLayoutState(() => 2)
  let time = 10_000
  let steadyAt = 10_000
  let begunAt = 0
  let isKnown = true
  let isRefused = false
  let readAt = 10_000
  const warnings: string[] = []
  const waiting: { isSo: () => boolean; resolve: () => void }[] = []
  const wake = () => waiting.filter(({ isSo }) => isSo()).forEach(({ resolve }) => resolve())
  const lease = createLayoutLease({
    now: () => time,
    topic: 'Layout',
    log: pino(
      { level: 'warn' },
      { write: (line) => warnings.push((JSON.parse(line) as { msg: string }).msg) },
    ),
    layout: {
      current: state.current,
      readAt: () => readAt,
      steadyAt: () => steadyAt,
      begunAt: () => begunAt,
      isKnown: () => isKnown,
      isRefused: () => isRefused,
      wake,
      until: (isSo) =>
        isSo() ? Promise.resolve() : new Promise((resolve) => waiting.push({ isSo, resolve })),
    },
  })
  return {
    lease,
    warnings,
    /** As it passes for a frozen process. */
    passTime: (ms: number) => {
      time += ms
    },
    run(ms: number) {
      for (let passed = 0; passed < ms; passed += 100) {
        time += 100
        vi.advanceTimersByTime(100)
      }
    },
    knowNothing() {
      isKnown = false
      readAt = Number.NEGATIVE_INFINITY
      steadyAt = Number.NEGATIVE_INFINITY
    },
    fetch() {
      isKnown = true
      readAt = time
      if (!state.current().change) steadyAt = time
      wake()
    },
    begin() {
      begunAt = time
      const planned = { partitions: 3, former: { homes: 2, partitions: 2 }, begun: true }
      state.take({ of: 'layout', version: 1, planned })
      wake()
    },
    switchTo(partition: number) {
      state.take({ of: 'switched', version: 1, partition, switched: { offset: 0, log: '' } })
    },
    refuse() {
      isRefused = true
      wake()
    },
    allow() {
      isRefused = false
      wake()
    },
  }
}

const isSettled = (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => true), new Promise((resolve) => setTimeout(() => resolve(false), 10))])

test('a change holds checkouts until it is in force, and until that was asked for', async () => {
  const { lease, begin, switchTo, fetch, passTime } = setUp()
  expect(await lease.acquire()).toEqual({ version: 0, partitions: 2 })
  begin()
  const before = lease.clock()
  passTime(3_000)
  expect(lease.isHeld()).toBe(true)
  expect(lease.clock()).toBe(before)
  expect({ ...lease.current(), planned: lease.planned() }).toEqual({
    version: 0,
    partitions: 2,
    planned: 3,
  })
  const next = lease.acquire()
  switchTo(0)
  fetch()
  expect(await isSettled(next)).toBe(false)
  switchTo(1)
  fetch()
  expect(await next).toEqual({ version: 1, partitions: 3 })
  expect(lease.isHeld()).toBe(false)
  passTime(100)
  expect(lease.clock()).toBe(before + 100)
})

test('a gateway that has not asked for long neither sends nor acknowledges before it has asked', async () => {
  const { lease, fetch, passTime } = setUp()
  expect(await lease.isKept(0)).toBe(true)
  passTime(LEASE_MS)
  const [sends, acknowledges] = [lease.acquire(), lease.isKept(0)]
  expect(await isSettled(Promise.race([sends, acknowledges]))).toBe(false)
  fetch()
  expect([await sends, await acknowledges]).toEqual([{ version: 0, partitions: 2 }, true])
})

test('what was sent before a change is acknowledged as long as no owner has switched, and not later', async () => {
  const { lease, begin, passTime, switchTo, fetch } = setUp()
  begin()
  passTime(LEASE_MS - 1)
  expect(await lease.isKept(0)).toBe(true)
  passTime(1)
  expect(await lease.isKept(0)).toBe(false)
  switchTo(0)
  switchTo(1)
  fetch()
  expect(await lease.isKept(0)).toBe(false)
  expect(await lease.isKept(1)).toBe(true)
})

test('a gateway that may not read the layout goes by the one that it knows', async () => {
  const { lease, refuse, passTime } = setUp()
  passTime(LEASE_MS)
  const next = lease.acquire()
  refuse()
  expect(await next).toEqual({ version: 0, partitions: 2 })
  expect(await lease.isKept(0)).toBe(true)
})

const HOLD_MS = 10_000
const PATIENCE_MS = 2_000

test('a change that does not end holds checkouts for 10 s; then they go on under the layout before it, until it ends', async () => {
  const { lease, begin, run, fetch, switchTo, warnings } = setUp()
  begin()
  const before = lease.clock()
  const sends = lease.acquire()
  // As long as owners have not switched, acknowledgements must be in time.
  expect(await lease.isKept(0)).toBe(true)
  for (let passed = 1_000; passed < HOLD_MS; passed += 1_000) {
    run(1_000)
    fetch()
  }
  run(900)
  expect(await isSettled(sends)).toBe(false)
  expect(await lease.isKept(0)).toBe(false)
  expect([lease.isHeld(), lease.clock(), lease.warning()]).toEqual([true, before, undefined])

  run(100)
  expect(await sends).toEqual({ version: 0, partitions: 2 })
  expect(lease.isHeld()).toBe(false)
  switchTo(0)
  fetch()
  run(1_000)
  expect(await lease.isKept(0)).toBe(true)
  expect(await lease.acquire()).toEqual({ version: 0, partitions: 2 })
  expect(lease.clock()).toBe(before + 1_000)
  expect(warnings).toEqual([
    expect.stringContaining('does not end: checkouts go to the 2 partitions before it'),
  ])
  expect(lease.warning()).toBe(warnings[0])

  switchTo(1)
  fetch()
  expect(await lease.isKept(0)).toBe(false)
  expect(await lease.acquire()).toEqual({ version: 1, partitions: 3 })
  expect(lease.warning()).toBeUndefined()
})

test('a gateway that cannot read the layout waits for 2 s, then goes by the one that it knows until it can', async () => {
  const { lease, run, fetch, warnings } = setUp()
  run(LEASE_MS - 100)
  expect(await lease.isKept(0)).toBe(true)
  run(100)
  const answers = Promise.all([lease.acquire(), lease.isKept(0)])
  run(PATIENCE_MS - 200)
  expect(await isSettled(answers)).toBe(false)
  run(100)
  expect(await answers).toEqual([{ version: 0, partitions: 2 }, true])
  run(60_000)
  expect(await lease.acquire()).toEqual({ version: 0, partitions: 2 })
  expect(await lease.isKept(0)).toBe(true)
  expect(warnings).toEqual([
    expect.stringContaining('Layout cannot be read: checkouts go to the 2 partitions'),
  ])

  fetch()
  run(LEASE_MS)
  expect(lease.warning()).toBeUndefined()
  expect(await isSettled(lease.acquire())).toBe(false)
})

test('a gateway that was frozen has not waited: it asks first', async () => {
  const { lease, passTime, run, fetch, begin, switchTo } = setUp()
  passTime(60_000)
  run(100)
  const sends = lease.acquire()
  const acknowledges = lease.isKept(0)
  run(500)
  expect(await isSettled(Promise.race([sends, acknowledges]))).toBe(false)
  begin()
  switchTo(0)
  switchTo(1)
  fetch()
  expect(await sends).toEqual({ version: 1, partitions: 3 })
  expect(await acknowledges).toBe(false)
})

test('a gateway that was frozen during a change that does not end asks first, too', async () => {
  const { lease, begin, passTime, run, fetch } = setUp()
  begin()
  passTime(60_000)
  run(500)
  const sends = lease.acquire()
  expect(await isSettled(sends)).toBe(false)
  expect(lease.warning()).toBeUndefined()
  fetch()
  expect(await sends).toEqual({ version: 0, partitions: 2 })
})

test('a gateway that could not read the layout and was then frozen asks first, and waits as long as before', async () => {
  const { lease, run, passTime, fetch, begin, switchTo, warnings } = setUp()
  run(LEASE_MS + PATIENCE_MS)
  expect(await lease.acquire()).toEqual({ version: 0, partitions: 2 })
  passTime(60_000)
  // Before and after its timers run again.
  const answers = [lease.acquire()]
  run(PATIENCE_MS - 100)
  answers.push(lease.acquire())
  expect(await isSettled(Promise.race(answers))).toBe(false)
  begin()
  switchTo(0)
  switchTo(1)
  fetch()
  expect(await Promise.all(answers)).toEqual([
    { version: 1, partitions: 3 },
    { version: 1, partitions: 3 },
  ])

  run(LEASE_MS + PATIENCE_MS)
  passTime(60_000)
  run(100 + PATIENCE_MS)
  expect(await lease.acquire()).toEqual({ version: 1, partitions: 3 })
  expect(warnings).toHaveLength(3)
})

test('a gateway that has never read the layout waits, however long that takes', async () => {
  const { lease, knowNothing, run, fetch } = setUp()
  knowNothing()
  const sends = lease.acquire()
  run(60_000)
  expect(await isSettled(sends)).toBe(false)
  expect(lease.warning()).toBeUndefined()
  fetch()
  expect(await sends).toEqual({ version: 0, partitions: 2 })
})

test('one that may not read the layout any more does not wait for a change that had begun', async () => {
  const { lease, begin, refuse } = setUp()
  begin()
  const sends = lease.acquire()
  expect(await isSettled(sends)).toBe(false)
  refuse()
  expect(await sends).toEqual({ version: 0, partitions: 2 })
})

test.each([3_000, 15_000])(
  'the clock never goes back if Kafka refuses the layout %i ms after a change began, and allows it again',
  (ms) => {
    const { lease, begin, passTime, refuse, allow } = setUp()
    begin()
    let before = lease.clock()
    const advance = (forMs: number) => {
      for (let passed = 0; passed < forMs; passed += 100) {
        passTime(100)
        const next = lease.clock()
        expect(next).toBeGreaterThanOrEqual(before)
        before = next
      }
      return before
    }
    const began = advance(0)
    const held = Math.min(ms, HOLD_MS)
    expect(advance(ms)).toBe(began + ms - held)
    refuse()
    expect(advance(1_000)).toBe(began + ms + 1_000 - held)
    allow()
    const rest = Math.max(0, HOLD_MS - ms - 1_000)
    expect(advance(20_000)).toBe(began + ms + 21_000 - held - rest)
  },
)

test('the clock stands still for 10 s at most, also for a gateway that was frozen', () => {
  const { lease, begin, passTime } = setUp()
  begin()
  const before = lease.clock()
  passTime(60_000)
  expect(lease.clock()).toBe(before + 50_000)
})
