import type { StoredCalendarEvent } from '../records/calendar-event.ts'

export interface Band {
  lower: number
  median: number
  upper: number
}

/** By minute, the present one first. */
export interface ForecastMinute {
  at: string
  /** Checkouts per second. */
  purchase: Band
  browse: Band
  /** Of the purchases, from 0 to 1; null while unknown. */
  slowShare: Band | null
  /** From receipt to classification; null while unknown. */
  lagSeconds: Band | null
}

export type SystemForecast =
  | {
      known: true
      minutes: ForecastMinute[]
      /** The minute of the next hour with the most checkouts per second, of both lanes. */
      peak: Band & { at: string }
    }
  | {
      known: false
      reason: 'no-history' | 'history-behind' | 'too-little-history'
      /** When it will be known, as far as that is known. */
      knownAt: string | null
    }

export interface Capacity {
  /** Checkouts per second that the present processors classify; null until one has had a backlog for ten seconds. */
  perSecond: number | null
  /** The greatest rate of one processor with a backlog, of the last 35 days. */
  perProcessor: number | null
  /** Processors that classify now. */
  processors: number
}

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
