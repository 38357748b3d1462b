import { expect, test } from 'vitest'
import { computeForecast } from './compute-forecast.ts'
import { HOUR_MS, MINUTE_MS } from './minute-sums.ts'
import type { SystemSeries } from './system-series.ts'

const timeZone = 'America/Santiago'
/** Clocks in Chile go from 24:00 back to 23:00. */
const CHANGE = Date.parse('2026-04-05T03:00:00Z')
/** Midday in Chile is 15:00 UTC before, and 16:00 UTC afterwards. */
const middayUtc = (at: number) => (at < CHANGE ? 15 : 16)

/** Twenty days of a store that opens at midday. */
function seriesUntil(end: number): SystemSeries {
  const start = end - 20 * 24 * HOUR_MS
  const valuesOf = (open: number, closed: number) => ({
    start,
    values: Float64Array.from({ length: (end - start) / MINUTE_MS }, (_, minute) => {
      const at = start + minute * MINUTE_MS
      return (at / HOUR_MS) % 24 >= middayUtc(at) ? open : closed
    }),
  })
  return {
    purchases: valuesOf(600, 60),
    visits: valuesOf(1_200, 120),
    slowShare: valuesOf(0.2, 0.2),
    lagSeconds: valuesOf(0.5, 0.5),
    end,
  }
}

test('on the day on which clocks change, the forecast follows those of the store', () => {
  const midday = Date.parse('2026-04-05T16:00:00Z')
  const now = midday - 30 * MINUTE_MS
  const forecast = computeForecast({ series: seriesUntil(now), calendar: [], now, timeZone })
  const medians = forecast.known ? forecast.minutes.map(({ purchase }) => purchase.median) : []
  expect(medians).toHaveLength(60)
  // 15:30 to 16:00 UTC, which was open until the day before, and 16:00 to 16:30.
  expect(Math.max(...medians.slice(5, 25))).toBeLessThan(2)
  expect(Math.min(...medians.slice(35, 55))).toBeGreaterThan(8)
})
