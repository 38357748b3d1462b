import type { StoredCalendarEvent } from '../../backbone/records/calendar-event.ts'
import { COVERAGE, type SystemForecast } from './compute-forecast.ts'
import { type Capacity, measuredCapacity, secondsUntilBeyond } from './measured-capacity.ts'

/** The answer of `GET /forecast`. */
export type ForecastState = SystemForecast & {
  /** When it was computed. */
  at: string
  /** Share of the true values that should be between `lower` and `upper`. */
  coverage: number
  /** All minutes before this time are counted; null while none is. */
  countedUntil: string | null
  /** Past and future ones, the earliest first. */
  calendar: StoredCalendarEvent[]
  capacity: Capacity & {
    /** Seconds until the median of both lanes exceeds it; null if not within the forecast, or unknown. */
    reachedInSeconds: number | null
  }
}

interface StateOptions {
  forecast: SystemForecast
  now: number
  countedUntil: number | undefined
  calendar: StoredCalendarEvent[]
  drains: Iterable<number>
  processors: number
}

export function forecastState(options: StateOptions): ForecastState {
  const { forecast, now, countedUntil, calendar } = options
  const capacity = measuredCapacity(options.drains, options.processors)
  return {
    ...forecast,
    at: new Date(now).toISOString(),
    coverage: COVERAGE,
    countedUntil: countedUntil === undefined ? null : new Date(countedUntil).toISOString(),
    calendar,
    capacity: { ...capacity, reachedInSeconds: secondsUntilBeyond(forecast, capacity, now) ?? null },
  }
}
