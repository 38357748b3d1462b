import { expect, test } from 'vitest'
import { runSchedule } from './run-schedule.ts'
import { constantArrivalRate } from './schedule.ts'

const never = new AbortController().signal

async function run(rate: number, durationMs: number, signal = never, onStart = (_iteration: number) => {}) {
  const starts: { iteration: number; dueAt: number; lateMs: number }[] = []
  let dropped = 0
  await runSchedule(
    constantArrivalRate(rate, durationMs),
    {
      start(iteration, dueAt) {
        starts.push({ iteration, dueAt, lateMs: performance.now() - dueAt })
        onStart(iteration)
      },
      drop: () => dropped++,
    },
    signal,
  )
  return { starts, dropped }
}

test('starts every iteration in order, never early', async () => {
  const { starts, dropped } = await run(2_000, 500)
  expect(starts.map(({ iteration }) => iteration)).toEqual(Array.from({ length: 1_000 }, (_, i) => i))
  expect(Math.min(...starts.map(({ lateMs }) => lateMs))).toBeGreaterThanOrEqual(0)
  expect(dropped).toBe(0)
})

test('after being held up it catches up, and the due times stay what they were', async () => {
  const { starts, dropped } = await run(200, 1_000, never, (iteration) => {
    if (iteration === 20) Bun.sleepSync(500)
  })
  expect(starts.length + dropped).toBe(200)
  const first = starts[0]?.dueAt ?? 0
  for (const { iteration, dueAt } of starts) expect(dueAt - first).toBeCloseTo(iteration * 5, 6)
  expect(starts[21]?.lateMs).toBeGreaterThan(450)
})

test('what would start more than a second late is dropped instead', async () => {
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
    const startedAt = performance.now()
    await run(rate, durationMs, AbortSignal.timeout(100))
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  }
})
