import { expect, test } from 'vitest'
import { placeSegments, type RateChange, type Segment } from './rate-segments.ts'
import { createArrivalSchedule } from './schedule.ts'

const constant = (perSecond: number, durationMs: number): Segment => ({
  durationMs,
  from: perSecond,
  to: perSecond,
  stage: 0,
})

function dueTimes(segments: Segment[], changes: RateChange[] = [], startMs = 0): number[] {
  const schedule = createArrivalSchedule(placeSegments(segments, startMs), changes)
  const times: number[] = []
  for (let due = schedule.due(0); due; due = schedule.due(times.length)) times.push(due.atMs)
  return times
}

test('a constant rate is start + n × period', () => {
  const times = dueTimes([constant(4, 3_000)], [], 500)
  expect(times).toHaveLength(12)
  for (const [n, at] of times.entries()) expect(at).toBeCloseTo(500 + n * 250, 9)
})

test.each([
  [500, 30_000, 15_000],
  [0.1, 60_000, 6],
  [0.1, 60_001, 7],
  [3, 1_000, 3],
  [1_000, 1, 1],
  [0.5, 1_000, 1],
  [100_000, 600_000, 60_000_000],
])('%d/s for %d ms are %d iterations', (perSecond, durationMs, iterations) => {
  const schedule = createArrivalSchedule(placeSegments([constant(perSecond, durationMs)]))
  expect(schedule.due(iterations - 1)?.atMs).toBeLessThan(durationMs)
  expect(schedule.due(iterations)).toBeUndefined()
})

test('a rate that has no end never runs out', () => {
  const schedule = createArrivalSchedule(placeSegments([constant(0.5, Number.POSITIVE_INFINITY)]))
  expect(schedule.due(1_000_000)?.atMs).toBe(2_000_000_000)
  expect(schedule.rateAt(1e12)).toBe(0.5)
})

test.each<[string, Segment]>([
  ['up from nothing', { durationMs: 10_000, from: 0, to: 100, stage: 0 }],
  ['down to nothing', { durationMs: 10_000, from: 100, to: 0, stage: 0 }],
  ['up', { durationMs: 7_000, from: 13, to: 17.5, stage: 0 }],
  ['hardly at all', { durationMs: 10_000, from: 100, to: 100.000001, stage: 0 }],
])('a ramp %s: iteration n is due when the area under the line is n', (_, segment) => {
  const times = dueTimes([segment])
  const { durationMs, from, to } = segment
  expect(times).toHaveLength(Math.ceil((((from + to) / 2) * durationMs) / 1000 - 1e-6))
  for (const [n, at] of times.entries()) {
    const seconds = at / 1000
    const area = from * seconds + ((to - from) * seconds * seconds) / (2 * (durationMs / 1000))
    expect(area).toBeCloseTo(n, 6)
  }
})

test('stages follow each other without a gap, with a jump, a pause and their numbers', () => {
  const segments: Segment[] = [
    { ...constant(10, 1_000), stage: 0 },
    { durationMs: 0, from: 10, to: 100, stage: 1 },
    { ...constant(100, 1_000), stage: 2 },
    { ...constant(0, 5_000), stage: 3 },
    { ...constant(10, 1_000), stage: 4 },
  ]
  const schedule = createArrivalSchedule(placeSegments(segments))
  expect(schedule.due(9)).toEqual({ atMs: expect.closeTo(900, 6), stage: 0 })
  expect(schedule.due(10)).toEqual({ atMs: expect.closeTo(1_000, 6), stage: 2 })
  expect(schedule.due(109)).toEqual({ atMs: expect.closeTo(1_990, 6), stage: 2 })
  expect(schedule.due(110)).toEqual({ atMs: expect.closeTo(7_000, 6), stage: 4 })
  expect(schedule.due(119)?.stage).toBe(4)
  expect(schedule.due(120)).toBeUndefined()
  expect([0, 999, 1_000, 3_000, 7_500, 9_000].map(schedule.rateAt)).toEqual([10, 10, 100, 0, 10, 0])
})

test('a change multiplies the rate after it, not before', () => {
  const planned = dueTimes([constant(10, 4_000)])
  const changed = dueTimes(
    [constant(10, 4_000)],
    [
      { atMs: 1_000, factor: 2 },
      { atMs: 2_000, factor: 0.5 },
      { atMs: 3_000, factor: 1 },
    ],
  )
  expect(changed.slice(0, 10)).toEqual(planned.slice(0, 10))
  const between = (from: number, to: number) =>
    changed.filter((at) => at >= from - 1e-6 && at < to - 1e-6).length
  expect([between(1_000, 2_000), between(2_000, 3_000), between(3_000, 4_000)]).toEqual([20, 5, 10])
})

test('a change in the middle of a ramp keeps its slope, multiplied', () => {
  const schedule = createArrivalSchedule(
    placeSegments([{ durationMs: 10_000, from: 0, to: 100, stage: 3 }]),
    [{ atMs: 5_000, factor: 3 }],
  )
  expect([4_999, 5_000, 7_500].map(schedule.rateAt)).toEqual([expect.closeTo(49.99, 6), 150, 225])
  expect(schedule.due(300)?.stage).toBe(3)
})

test('three threads with every third iteration send the same as one', () => {
  const segment: Segment = { durationMs: 10_000, from: 3, to: 70, stage: 0 }
  const schedule = createArrivalSchedule(placeSegments([segment]))
  const dealt = [0, 1, 2].flatMap((worker) =>
    Array.from({ length: 122 }, (_, n) => schedule.due(worker + 3 * n)?.atMs).filter(
      (at) => at !== undefined,
    ),
  )
  expect(dealt.toSorted((a, b) => a - b)).toEqual(dueTimes([segment]))
})
