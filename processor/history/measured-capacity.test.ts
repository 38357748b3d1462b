import { expect, test } from 'vitest'
import type { SystemForecast } from '../../backbone/operations/forecast-state.ts'
import { measureDrain } from './measure-drain.ts'
import { measuredCapacity, secondsUntilBeyond } from './measured-capacity.ts'

const NOW = Date.parse('2026-11-29T12:00:30Z')

/** Samples once a second. */
function samples(count: number, perSecond: number, backlog: (second: number) => number) {
  const drain = measureDrain()
  for (let second = 0; second < count; second++)
    drain.sample({ at: second * 1_000, decided: second * perSecond, backlog: backlog(second) })
  return drain.take()
}

test('a rate is taken over ten seconds, in all of which there was a backlog of more than a second', () => {
  expect(samples(11, 4_000, () => 50_000)).toBe(4_000)
  expect(samples(10, 4_000, () => 50_000)).toBeUndefined()
  expect(samples(40, 4_000, (second) => (second % 10 === 9 ? 3_999 : 50_000))).toBeUndefined()
  expect(samples(11, 4_000, () => 4_000)).toBe(4_000)
  // A few records that wait are no backlog.
  expect(samples(11, 10, () => 999)).toBeUndefined()
  expect(samples(11, 10, () => 1_000)).toBe(10)
})

test('the greatest rate is taken once', () => {
  const drain = measureDrain()
  let second = 0
  let decided = 0
  for (const perSecond of [2_000, 3_000, 1_000]) {
    for (const end = second + 12; second < end; second++) {
      drain.sample({ at: second * 1_000, decided, backlog: 1_000_000 })
      decided += perSecond
    }
  }
  expect(drain.take()).toBe(3_000)
  expect(drain.take()).toBeUndefined()
})

test('the capacity is that of the processors that classify now, and unknown until it is measured', () => {
  expect(measuredCapacity([], 2)).toEqual({ perSecond: null, perProcessor: null, processors: 2 })
  expect(measuredCapacity([3_000, 4_600, 100], 2)).toEqual({
    perSecond: 9_200,
    perProcessor: 4_600,
    processors: 2,
  })
})

test('the capacity is reached in the first minute whose median is beyond it', () => {
  const band = (median: number) => ({ lower: 0, median, upper: 2 * median })
  const minute = (at: string, purchases: number) => ({
    at: `2026-11-29T${at}:00.000Z`,
    purchase: band(purchases),
    browse: band(10),
    slowShare: null,
    lagSeconds: null,
  })
  const minutes = [minute('12:00', 40), minute('12:01', 50), minute('12:02', 60), minute('12:03', 40)]
  const forecast: SystemForecast = { known: true, minutes, peak: { ...band(70), at: minutes[2]!.at } }
  const until = (perSecond: number | null) => secondsUntilBeyond(forecast, { perSecond }, NOW)
  expect(until(60)).toBe(90)
  expect(until(59.9)).toBe(30)
  expect(until(49)).toBe(0)
  expect(until(70)).toBeUndefined()
  expect(until(null)).toBeUndefined()
  expect(
    secondsUntilBeyond({ known: false, reason: 'no-history', knownAt: null }, { perSecond: 1 }, NOW),
  ).toBeUndefined()
})
