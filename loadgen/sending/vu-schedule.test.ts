import { expect, test } from 'vitest'
import { placeSegments } from './rate-segments.ts'
import { createVuSchedule } from './vu-schedule.ts'

const ramp = createVuSchedule(
  placeSegments([
    { durationMs: 10_000, from: 0, to: 10, stage: 0 },
    { durationMs: 5_000, from: 10, to: 10, stage: 1 },
    { durationMs: 10_000, from: 10, to: 0, stage: 2 },
    { durationMs: 0, from: 0, to: 3, stage: 3 },
    { durationMs: 1_000, from: 3, to: 3, stage: 4 },
  ]),
)

test.each([
  [0, 0, 1_000],
  [4, 0, 5_000],
  [9, 0, 10_000],
  [4, 7_000, 7_000],
  [9, 14_999, 14_999],
  [0, 23_999, 23_999],
  [0, 24_500, 25_000],
  [2, 24_500, 25_000],
])('VU %d, at %d ms, is active from %d ms on', (vu, ms, from) => {
  expect(ramp.activeFrom(vu, ms)).toBeCloseTo(from, 6)
})

test.each([
  [10, 0],
  [3, 24_000],
  [0, 26_000],
])('VU %d, at %d ms, is not active any more', (vu, ms) => {
  expect(ramp.activeFrom(vu, ms)).toBeUndefined()
})

test('a constant number works from the start to the end, or for ever', () => {
  const five = createVuSchedule(placeSegments([{ durationMs: 1_000, from: 5, to: 5, stage: 0 }], 2_000))
  expect([0, 4, 5].map((vu) => five.activeFrom(vu, 0))).toEqual([2_000, 2_000, undefined])
  expect(five.activeFrom(4, 3_000)).toBeUndefined()
  const endless = createVuSchedule(
    placeSegments([{ durationMs: Number.POSITIVE_INFINITY, from: 1, to: 1, stage: 0 }]),
  )
  expect(endless.activeFrom(0, 1e12)).toBe(1e12)
})

test('the stage is that of the time', () => {
  expect([0, 9_999, 10_000, 20_000, 25_500, 99_000].map(ramp.stageAt)).toEqual([0, 0, 1, 2, 4, 4])
})
