import { expect, test } from 'vitest'
import { now } from '../clock.ts'
import {
  createRecordedSchedule,
  inRecordedOrder,
  peakRecordedRate,
  recordedLengthMs,
} from './recorded-schedule.ts'
import { runArrivals } from './run-arrivals.ts'

// As two threads record them: each in order, but not both together.
const timesMs = new Float64Array([0, 40, 1_200, 10, 10, 1_100, 5_000])

test.each([1, 2, 0.5])('at speed %d each is due at its recorded time, divided by it', (speed) => {
  const { due } = createRecordedSchedule({ timesMs, speed })
  expect(Array.from(timesMs, (_, iteration) => due(iteration))).toEqual(
    Array.from(timesMs, (time) => ({ atMs: time / speed, stage: 0 })),
  )
  expect(due(timesMs.length)).toBeUndefined()
})

test('iterations come in the order in which they are due', () => {
  const order = (iterations: number[]) => inRecordedOrder({ timesMs, speed: 1 }, iterations)
  expect(order([0, 1, 2, 3, 4, 5, 6])).toEqual([0, 3, 4, 1, 5, 2, 6])
  expect(order([0, 2, 4, 6])).toEqual([0, 4, 2, 6])
})

test('the rate is the number of checkouts due in the second around a time', () => {
  const { rateAt } = createRecordedSchedule({ timesMs, speed: 1 })
  expect([0, 500, 1_500, 3_000, 5_000].map(rateAt)).toEqual([4, 4, 2, 0, 1])
  expect(createRecordedSchedule({ timesMs, speed: 2 }).rateAt(500)).toBe(6)
})

test('a recording knows its length and its highest rate', () => {
  expect(recordedLengthMs({ timesMs, speed: 2 })).toBe(2_500)
  expect(peakRecordedRate({ timesMs, speed: 1 })).toBe(4)
  expect(peakRecordedRate({ timesMs, speed: 2 })).toBe(6)
  expect(peakRecordedRate({ timesMs: new Float64Array(50), speed: 1 })).toBe(50)
})

test('a checkout more than a second late is dropped', async () => {
  const pace = { timesMs: Float64Array.from({ length: 300 }, (_, n) => n * 10), speed: 1 }
  const startAt = now()
  const started: number[] = []
  let dropped = 0
  await runArrivals(
    {
      schedule: () => createRecordedSchedule(pace),
      startAt,
      iterations: inRecordedOrder(pace, pace.timesMs.keys()),
      start(iteration, dueAt) {
        expect(dueAt - startAt).toBeCloseTo(iteration * 10, 6)
        started.push(iteration)
        if (iteration === 10) Bun.sleepSync(2_000)
      },
      drop: () => dropped++,
    },
    new AbortController().signal,
  )
  expect(started.length + dropped).toBe(300)
  expect(dropped).toBeGreaterThan(80)
  expect(started).toEqual(started.toSorted((a, b) => a - b))
})
