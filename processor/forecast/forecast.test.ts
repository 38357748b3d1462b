import { expect, test } from 'vitest'
import { createTestRandom } from '../testing/random.ts'
import { type CalendarEvent, type Forecast, type ForecastPoint, forecast } from './forecast.ts'
import { poisson } from './testing/poisson.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A Monday. */
const START = Date.parse('2026-06-01T00:00:00Z')

const random = createTestRandom()

/** Busy in the evening, nothing from 2 to 6; on Sundays half as much. */
function usual(at: number): number {
  const hour = (at % DAY) / HOUR
  if (hour >= 2 && hour < 6) return 0
  const weekday = Math.floor((at - START) / DAY) % 7
  return (weekday === 6 ? 0.5 : 1) * (40 + 160 * Math.exp(-(((hour - 20) / 3) ** 2)))
}

interface Given {
  days: number
  start?: number
  mean?: (at: number) => number
  events?: CalendarEvent[]
  timeZone?: string
}

function seriesOf({ days, start = START, mean = usual }: Given) {
  const next = () => random.below(2 ** 30) / 2 ** 30
  return {
    start,
    values: Float64Array.from({ length: Math.round((days * DAY) / MINUTE) }, (_, minute) =>
      poisson({ next }, mean(start + minute * MINUTE)),
    ),
  }
}

const forecastOf = (given: Given): Forecast =>
  forecast(seriesOf(given), {
    minutes: 60,
    coverage: 0.9,
    events: given.events ?? [],
    ...(given.timeZone === undefined ? {} : { timeZone: given.timeZone }),
  })

function pointsOf(known: Forecast): ForecastPoint[] {
  if (!known.known) throw new Error(known.reason)
  return known.points
}

/** Mean of the medians, divided by what will be the truth. */
function relative(points: readonly ForecastPoint[], truth: (at: number) => number): number {
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
  return sum(points.map(({ median }) => median)) / sum(points.map(({ at }) => truth(at)))
}

test('forecasts each minute of the next hour by the seasons of day and week', () => {
  // From Sunday 19:00: Sundays have half as much.
  const points = pointsOf(forecastOf({ days: 27 + 19 / 24 }))
  expect(points.map(({ at }) => at)).toEqual(
    Array.from({ length: 60 }, (_, minute) => START + 27 * DAY + 19 * HOUR + minute * MINUTE),
  )
  expect(Math.abs(relative(points, usual) - 1)).toBeLessThan(0.2)
  for (const { lower, median, upper } of points) {
    expect(lower).toBeLessThan(median)
    expect(upper).toBeGreaterThan(median)
  }
})

test('follows a season that rises within the hour', () => {
  const opening = (at: number) => (at % DAY < 9 * HOUR ? 10 : 200)
  const points = pointsOf(forecastOf({ days: 20 + 8.5 / 24, mean: opening }))
  expect(points[20]?.upper).toBeLessThan(60)
  expect(points[40]?.lower).toBeGreaterThan(120)
})

test('tells weekdays apart from two weeks on', () => {
  // From the midnight before Sunday.
  const sunday = { days: 13 }
  expect(relative(pointsOf(forecastOf(sunday)), usual)).toBeGreaterThan(1.15)
  expect(Math.abs(relative(pointsOf(forecastOf({ days: sunday.days + 7 })), usual) - 1)).toBeLessThan(0.2)
})

test('the band holds about nine of ten values', () => {
  let inside = 0
  let all = 0
  for (let hours = 0; hours < 24; hours++) {
    const given = { days: 21 + hours / 24 }
    const { values, start } = seriesOf({ days: given.days + 1 / 24 })
    const known = values.length - 60
    const points = pointsOf(
      forecast({ start, values: values.slice(0, known) }, { minutes: 60, coverage: 0.9, events: [] }),
    )
    for (const [i, { lower, upper }] of points.entries()) {
      const value = values[known + i] ?? Number.NaN
      if (usual(start + (known + i) * MINUTE) === 0) continue
      inside += value >= lower && value <= upper ? 1 : 0
      all++
    }
  }
  expect(inside / all).toBeGreaterThan(0.85)
  expect(inside / all).toBeLessThan(0.95)
})

test('nights without traffic are forecast as such', () => {
  for (const { lower, median, upper } of pointsOf(forecastOf({ days: 21 + 3 / 24 }))) {
    expect(lower).toBe(0)
    expect(median).toBeLessThan(0.5)
    expect(upper).toBeLessThan(2)
  }
})

test('no bound is below 0, nor out of order', () => {
  for (const hours of [0, 1, 5, 7]) {
    for (const { lower, median, upper } of pointsOf(
      forecastOf({ days: 16 + hours / 24, mean: (at) => usual(at) / 50 }),
    )) {
      expect(lower).toBeGreaterThanOrEqual(0)
      expect(median).toBeGreaterThanOrEqual(lower)
      expect(upper).toBeGreaterThanOrEqual(median)
    }
  }
})

test('a constant series stays constant', () => {
  const series = { start: START, values: new Float64Array(20 * 1_440).fill(7) }
  for (const point of pointsOf(forecast(series, { minutes: 60, coverage: 0.9, events: [] }))) {
    expect(point.lower).toBeCloseTo(7, 3)
    expect(point.median).toBeCloseTo(7, 3)
    expect(point.upper).toBeCloseTo(7, 3)
  }
})

test('a series of zeros stays at 0', () => {
  const series = { start: START, values: new Float64Array(20 * 1_440) }
  const points = pointsOf(forecast(series, { minutes: 60, coverage: 0.9, events: [] }))
  expect(points.every(({ lower, upper }) => lower === 0 && upper < 1e-6)).toBe(true)
})

test('does not depend on the unit', () => {
  const { start, values } = seriesOf({ days: 20 })
  const options = { minutes: 60, coverage: 0.9, events: [] }
  const perMinute = pointsOf(forecast({ start, values }, options))
  const perSecond = pointsOf(forecast({ start, values: values.map((value) => value / 60) }, options))
  for (const [i, { lower, median, upper }] of perMinute.entries()) {
    expect((perSecond[i]?.median ?? 0) * 60).toBeCloseTo(median, 6)
    expect((perSecond[i]?.lower ?? 0) * 60).toBeCloseTo(lower, 6)
    expect((perSecond[i]?.upper ?? 0) * 60).toBeCloseTo(upper, 6)
  }
})

test('gaps, also before the forecast, change little', () => {
  const { start, values } = seriesOf({ days: 27 + 15 / 24 })
  values.fill(Number.NaN, 3 * 1_440, 5 * 1_440)
  values.fill(Number.NaN, 16 * 1_440 + 500, 17 * 1_440)
  values.fill(Number.NaN, values.length - 90)
  const points = pointsOf(forecast({ start, values }, { minutes: 60, coverage: 0.9, events: [] }))
  expect(Math.abs(relative(points, usual) - 1)).toBeLessThan(0.2)
})

test('one outlying minute changes little', () => {
  const { start, values } = seriesOf({ days: 27 + 15 / 24 })
  values[values.length - 1] = 100_000
  values[values.length - 1_440] = 100_000
  const points = pointsOf(forecast({ start, values }, { minutes: 60, coverage: 0.9, events: [] }))
  expect(relative(points, usual)).toBeGreaterThan(0.85)
  expect(relative(points, usual)).toBeLessThan(1.15)
})

test('a promotion that nobody announced is followed while it lasts, and not expected a week later', () => {
  const promotion = START + 20 * DAY + 18 * HOUR
  const mean = (at: number) => usual(at) * (at >= promotion && at < promotion + 4 * HOUR ? 8 : 1)
  const during = pointsOf(forecastOf({ days: 20 + 19 / 24, mean }))
  expect(relative(during, usual)).toBeGreaterThan(4)
  for (const days of [1, 7]) {
    const later = pointsOf(forecastOf({ days: 20 + days + 18 / 24, mean }))
    // It learns at most half as much again, of what weighs least.
    expect(relative(later, usual)).toBeGreaterThan(0.85)
    expect(relative(later, usual)).toBeLessThan(1.4)
  }
})

test('a new level is followed within the hour', () => {
  const since = START + 20 * DAY + 18 * HOUR
  const mean = (at: number) => usual(at) * (at >= since ? 3 : 1)
  const points = pointsOf(forecastOf({ days: 20 + 19 / 24, mean }))
  expect(relative(points, mean)).toBeGreaterThan(0.75)
  expect(relative(points, mean)).toBeLessThan(1.25)
})

test('an event of the calendar multiplies its minutes, and only these', () => {
  const from = START + 27 * DAY + 12.5 * HOUR
  const given = { days: 27.5, events: [{ from, until: from + 10 * MINUTE, times: 12 }] }
  const points = pointsOf(forecastOf(given))
  const during = points.filter(({ at }) => at >= from && at < from + 10 * MINUTE)
  const others = points.filter((point) => !during.includes(point))
  expect(during).toHaveLength(10)
  expect(relative(during, usual)).toBeGreaterThan(10)
  expect(relative(during, usual)).toBeLessThan(14)
  expect(Math.abs(relative(others, usual) - 1)).toBeLessThan(0.2)
})

test('events that overlap multiply', () => {
  const event = { from: START + 27 * DAY, until: START + 28 * DAY, times: 2 }
  const points = pointsOf(
    forecastOf({ days: 27.5, mean: (at) => usual(at) * (at >= event.from ? 4 : 1), events: [event, event] }),
  )
  expect(relative(points, usual)).toBeGreaterThan(3.4)
  expect(relative(points, usual)).toBeLessThan(4.6)
})

test.each([
  [1, 1_000],
  [2, 1_000],
  [200, 1_000],
])('%i events of a thousand times as much at once bring %i times as much', (count, times) => {
  const event = { from: START + 27.5 * DAY, until: START + 28 * DAY, times: 1_000 }
  const points = pointsOf(forecastOf({ days: 27.5, events: Array.from({ length: count }, () => event) }))
  expect(Math.abs(relative(points, usual) / times - 1)).toBeLessThan(0.2)
  expect(points.every(({ upper }) => Number.isFinite(upper))).toBe(true)
})

test('past events are no season', () => {
  const events = [13, 20].map((day) => ({
    from: START + day * DAY + 18 * HOUR,
    until: START + day * DAY + 22 * HOUR,
    times: 12,
  }))
  // Each was twice what the calendar said.
  const mean = (at: number) =>
    usual(at) * (events.some(({ from, until }) => at >= from && at < until) ? 24 : 1)
  const points = pointsOf(forecastOf({ days: 27 + 19 / 24, mean, events }))
  expect(Math.abs(relative(points, usual) - 1)).toBeLessThan(0.2)
})

test('within an event that is larger than planned, the rest of it is expected larger, and nothing after it', () => {
  const from = START + 27 * DAY + 12 * HOUR
  const event = { from, until: from + 90 * MINUTE, times: 4 }
  const mean = (at: number) => usual(at) * (at >= from && at < event.until ? 8 : 1)
  const points = pointsOf(forecastOf({ days: 27 + 13 / 24, mean, events: [event] }))
  expect(relative(points.slice(0, 30), usual)).toBeGreaterThan(6)
  expect(Math.abs(relative(points.slice(30), usual) - 1)).toBeLessThan(0.2)
})

test('a calendar that expects nothing gives nothing', () => {
  const from = START + 27 * DAY + 12 * HOUR
  const closed = { from, until: from + 2 * HOUR, times: 0 }
  const mean = (at: number) => (at >= from ? 0 : usual(at))
  const points = pointsOf(forecastOf({ days: 27 + 12.5 / 24, mean, events: [closed] }))
  expect(points.every(({ upper }) => upper === 0)).toBe(true)
})

test.each([
  ['summer time ends', '2026-04-05T03:00:00Z'],
  ['summer time begins', '2026-09-06T04:00:00Z'],
])('seasons follow local clocks when %s', (_what, change) => {
  const timeZone = 'America/Santiago'
  const hourOf = new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' })
  const hours = new Map<number, number>()
  const localHour = (at: number) => {
    const hour = hours.get(Math.floor(at / HOUR)) ?? Number(hourOf.format(at))
    hours.set(Math.floor(at / HOUR), hour)
    return hour
  }
  const start = Date.parse(change) - 20 * DAY
  const mean = (at: number) => (localHour(at) >= 12 ? 200 : 20)
  const local = Date.parse(change) + DAY
  // Midday of the day after, in local time.
  const midday =
    Array.from({ length: 48 }, (_, hour) => local + hour * HOUR).find((at) => localHour(at) === 12) ?? 0
  const days = (midday - HOUR - start) / DAY + 0.5 / 24
  const points = pointsOf(forecastOf({ days, start, mean, timeZone }))
  expect(points[10]?.upper).toBeLessThan(60)
  expect(points[50]?.lower).toBeGreaterThan(120)
})

test('two days are enough, a minute less is not, and it says when', () => {
  const minute = MINUTE / DAY
  expect(forecastOf({ days: 2 }).known).toBe(true)
  expect(forecastOf({ days: 2 - minute })).toEqual({
    known: false,
    reason: 'too-little-history',
    knownAt: START + 2 * DAY,
  })
})

test('what is not known of two days is waited for', () => {
  const { start, values } = seriesOf({ days: 2 })
  values.fill(Number.NaN, 1_000, 1_000 + 721)
  expect(forecast({ start, values }, { minutes: 60, coverage: 0.9, events: [] })).toEqual({
    known: false,
    reason: 'too-little-history',
    knownAt: START + 2 * DAY + MINUTE,
  })
  values[1_000] = 40
  expect(forecast({ start, values }, { minutes: 60, coverage: 0.9, events: [] }).known).toBe(true)
})

test('the two days begin with the first value', () => {
  const { start, values } = seriesOf({ days: 30 })
  values.fill(Number.NaN, 0, 29 * 1_440)
  expect(forecast({ start, values }, { minutes: 60, coverage: 0.9, events: [] })).toMatchObject({
    known: false,
    knownAt: START + 31 * DAY,
  })
})

test('without any value nobody knows when', () => {
  const series = { start: START, values: new Float64Array(1_000).fill(Number.NaN) }
  expect(forecast(series, { minutes: 60, coverage: 0.9, events: [] })).toEqual({
    known: false,
    reason: 'too-little-history',
  })
})
