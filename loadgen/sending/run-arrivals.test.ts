import { expect, test } from 'vitest'
import { now } from '../clock.ts'
import { placeSegments, type RateChange } from './rate-segments.ts'
import { runArrivals } from './run-arrivals.ts'
import { createArrivalSchedule } from './schedule.ts'

const never = new AbortController().signal

interface Start {
  iteration: number
  dueAt: number
  lateMs: number
}

/** Runs a constant rate; `onStart` is called before the delay of an iteration is measured. */
async function run(
  perSecond: number,
  durationMs: number,
  signal = never,
  onStart: (iteration: number) => void = () => {},
  changes: () => RateChange[] = () => [],
) {
  const segments = placeSegments([{ durationMs, from: perSecond, to: perSecond, stage: 4 }])
  const startAt = now()
  const starts: Start[] = []
  let dropped = 0
  await runArrivals(
    {
      schedule: () => createArrivalSchedule(segments, changes()),
      startAt,
      iterations: numbers(),
      start(iteration, dueAt, stage) {
        expect(stage).toBe(4)
        starts.push({ iteration, dueAt: dueAt - startAt, lateMs: now() - dueAt })
        onStart(iteration)
      },
      drop: () => dropped++,
    },
    signal,
  )
  return { starts, dropped }
}

function* numbers(): Generator<number, void> {
  for (let number = 0; ; number++) yield number
}

test('starts every iteration once, in order, when it is due and never before', async () => {
  const { starts, dropped } = await run(200, 1_000)
  expect(starts.map(({ iteration }) => iteration)).toEqual(Array.from({ length: 200 }, (_, n) => n))
  for (const { iteration, dueAt } of starts) expect(dueAt).toBeCloseTo(iteration * 5, 2)
  expect(Math.min(...starts.map(({ lateMs }) => lateMs))).toBeGreaterThanOrEqual(0)
  expect(dropped).toBe(0)
})

test('after a delay it catches up, with unchanged due times', async () => {
  const { starts, dropped } = await run(200, 1_000, never, (iteration) => {
    if (iteration === 20) Bun.sleepSync(500)
  })
  expect(starts.length + dropped).toBe(200)
  for (const { iteration, dueAt } of starts) expect(dueAt).toBeCloseTo(iteration * 5, 2)
  expect(starts[21]?.lateMs).toBeGreaterThan(450)
})

test('an iteration more than a second late is dropped', async () => {
  const { starts, dropped } = await run(100, 2_500, never, (iteration) => {
    if (iteration === 10) Bun.sleepSync(2_000)
  })
  expect(starts.length + dropped).toBe(250)
  expect(dropped).toBeGreaterThan(80)
  expect(Math.max(...starts.map(({ lateMs }) => lateMs))).toBeLessThan(1_200)
})

test('ends early when it is stopped, while it waits as while it is behind', async () => {
  for (const [rate, durationMs] of [
    [0.1, 60_000],
    [100_000, 60_000],
  ] as const) {
    const startedAt = now()
    await run(rate, durationMs, AbortSignal.timeout(100))
    expect(now() - startedAt).toBeLessThan(2_000)
  }
})

test('a change of the rate applies to the iteration that it waits for', async () => {
  let changes: RateChange[] = []
  const { starts } = await run(
    0.5,
    4_000,
    never,
    (iteration) => {
      // The next one would be due after two seconds.
      if (iteration === 0) setTimeout(() => (changes = [{ atMs: 200, factor: 20 }]), 100)
    },
    () => changes,
  )
  expect(starts[1]?.dueAt).toBeCloseTo(290, 0)
  expect(starts).toHaveLength(Math.ceil(0.1 + 38))
})
