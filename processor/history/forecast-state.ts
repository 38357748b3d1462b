import type { ForecastState, SystemForecast } from '../../backbone/operations/forecast-state.ts'
import type { StoredCalendarEvent } from '../../backbone/records/calendar-event.ts'
import { COVERAGE } from './compute-forecast.ts'
import { measuredCapacity, secondsUntilBeyond } from './measured-capacity.ts'

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
