import { forecastSteps } from './forecast-steps.ts'
import { MINUTE_MS, WEEK, weekSlots } from './week-slots.ts'

/** Values of consecutive minutes; NaN where nothing is known (the system did not run, or the history begins later). */
export interface MinuteSeries {
  /** Milliseconds since the epoch, a whole minute. */
  start: number
  /** At least 0. */
  values: Float64Array
}

/**
 * A known exceptional time, past or future: `times` as much as usual. Where several overlap, they multiply, up to a
 * thousand times as much.
 */
export interface CalendarEvent {
  from: number
  /** The first millisecond after it. */
  until: number
  times: number
}

export interface ForecastPoint {
  at: number
  lower: number
  median: number
  upper: number
}

export type Forecast =
  | { known: true; points: ForecastPoint[] }
  /** `knownAt`: if all minutes until then become known. */
  | { known: false; reason: 'too-little-history'; knownAt?: number }

export interface ForecastOptions {
  /** To forecast, after the last of the series; at most a day of them. */
  minutes: number
  /** Share of the true values that should be within the band. */
  coverage: number
  events: readonly CalendarEvent[]
  /** Of the customers: days and weeks are those of their clocks. */
  timeZone?: string
}

const DAY = WEEK / 7
const NEEDED_SPAN = 2 * DAY
const NEEDED_MINUTES = 1.5 * DAY
/** Nobody plans further ahead. */
const MOST_AHEAD = 5 * WEEK
/** Two hundred events at once would multiply to infinity. */
const GREATEST_FACTOR = 1_000

/** See docs/explanation/forecast.md. */
export function forecast(series: MinuteSeries, options: ForecastOptions): Forecast {
  const { minutes, coverage, events, timeZone = 'UTC' } = options
  const first = series.values.findIndex((value) => !Number.isNaN(value))
  if (first === -1) return { known: false, reason: 'too-little-history' }
  const start = series.start + first * MINUTE_MS
  const raw = series.values.subarray(first)
  const planned = eventFactors(start, raw.length + MOST_AHEAD, events)
  const missing = missingMinutes(raw, planned)
  if (missing !== 0)
    return {
      known: false,
      reason: 'too-little-history',
      ...(missing === undefined ? {} : { knownAt: start + (raw.length + missing) * MINUTE_MS }),
    }

  const factors = planned.subarray(0, raw.length + minutes)
  const slots = weekSlots(start, factors.length, timeZone)
  // A time of which the calendar expects nothing tells nothing.
  const values = raw.map((value, minute) => (factors[minute]! > 0 ? value / factors[minute]! : Number.NaN))
  const bands = forecastSteps({ values, slots, factors, day: DAY, week: WEEK }, coverage)
  return {
    known: true,
    points: bands.map(({ lower, median, upper }, i) => ({
      at: start + (raw.length + i) * MINUTE_MS,
      lower,
      median,
      upper,
    })),
  }
}

/** Until there is enough; undefined if the calendar leaves too few usual minutes. `factors`: also of later minutes. */
function missingMinutes(raw: Float64Array, factors: Float64Array): number | undefined {
  let usual = raw.reduce((count, value, t) => count + (Number.isNaN(value) || factors[t] !== 1 ? 0 : 1), 0)
  for (let known = raw.length; known < factors.length; known++) {
    if (usual >= NEEDED_MINUTES && known >= NEEDED_SPAN) return known - raw.length
    if (factors[known] === 1) usual++
  }
  return undefined
}

function eventFactors(start: number, count: number, events: readonly CalendarEvent[]): Float64Array {
  const factors = new Float64Array(count).fill(1)
  for (const { from, until, times } of events) {
    const first = Math.max(0, Math.ceil((from - start) / MINUTE_MS))
    const end = Math.min(count, Math.ceil((until - start) / MINUTE_MS))
    for (let minute = first; minute < end; minute++) factors[minute]! *= times
  }
  return factors.map((factor) => Math.min(GREATEST_FACTOR, factor))
}
