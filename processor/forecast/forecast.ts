/** Values of consecutive minutes; NaN where nothing is known (the system did not run, or the history begins later). */
export interface MinuteSeries {
  /** Milliseconds since the epoch, a whole minute. */
  start: number
  values: Float64Array
}

/** A known exceptional time, past or future: `times` as much as usual. */
export interface CalendarEvent {
  from: number
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
  | { known: false; reason: 'too-little-history'; knownAt?: number }

export function forecast(
  _series: MinuteSeries,
  _options: { minutes: number; coverage: number; events: readonly CalendarEvent[] },
): Forecast {
  return { known: false, reason: 'too-little-history' }
}
