import { generateMersenne53Randomizer } from '@faker-js/faker'
import { expect, test } from 'vitest'
import { findRaisedSpan, type Trial } from './change-point.ts'

const MINUTE = 60_000
const start = Date.parse('2026-11-29T12:00:00Z')
const at = (minute: number) => start + minute * MINUTE

/** Ten an each minute of a day; `share` of them are hits. */
function day(seed: number, share: (minute: number) => number): Trial[] {
  const random = generateMersenne53Randomizer(seed)
  return Array.from({ length: 14_400 }, (_, index) => ({
    at: start + index * (MINUTE / 10),
    hit: random.next() < share(Math.floor(index / 10)),
  }))
}

test.each([1, 2, 3, 4, 5])('a share that rises and stays is found to the minute, seed %i', (seed) => {
  const span = findRaisedSpan(
    day(seed, (minute) => (minute < 1_200 ? 0.02 : 0.5)),
    start,
    at(1_440),
  )
  expect(Math.abs((span?.from ?? 0) - at(1_200))).toBeLessThanOrEqual(MINUTE)
  expect(span?.until).toBeUndefined()
})

test.each([1, 2, 3, 4, 5])('one that falls again has an end, seed %i', (seed) => {
  const isRaised = (minute: number) => minute >= 600 && minute < 700
  const span = findRaisedSpan(
    day(seed, (minute) => (isRaised(minute) ? 0.5 : 0.02)),
    start,
    at(1_440),
  )
  expect(Math.abs((span?.from ?? 0) - at(600))).toBeLessThanOrEqual(MINUTE)
  expect(Math.abs((span?.until ?? 0) - at(700))).toBeLessThanOrEqual(MINUTE)
})

test('days without a change have none: at most one in twenty', () => {
  const found = Array.from({ length: 40 }, (_, seed) =>
    findRaisedSpan(
      day(seed, () => 0.1),
      start,
      at(1_440),
    ),
  )
  expect(found.filter((span) => span !== undefined).length).toBeLessThanOrEqual(2)
})

test('a share that was raised all the time has no beginning, and nothing has none', () => {
  expect(
    findRaisedSpan(
      day(1, () => 0.9),
      start,
      at(1_440),
    ),
  ).toBeUndefined()
  expect(findRaisedSpan([], start, at(1_440))).toBeUndefined()
})
