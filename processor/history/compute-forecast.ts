import type { Band, ForecastMinute, SystemForecast } from '../../backbone/operations/forecast-state.ts'
import type { StoredCalendarEvent } from '../../backbone/records/calendar-event.ts'
import type { Lane } from '../../backbone/records/partition.ts'
import { type CalendarEvent, type Forecast, type ForecastPoint, forecast } from '../forecast/forecast.ts'
import { HOUR_MS, MINUTE_MS } from './minute-sums.ts'
import type { SystemSeries } from './system-series.ts'

/** Of the true values, so many should be between `lower` and `upper`. */
export const COVERAGE = 0.9
const HORIZON_MINUTES = 60
/** The history is written once a minute. Further ahead than this, the next hour would be guessed. */
const MOST_BEHIND_MS = HOUR_MS

export interface ForecastInput {
  /** Undefined while no minute is known. */
  series: SystemSeries | undefined
  calendar: readonly StoredCalendarEvent[]
  now: number
  /** Of the store: its customers buy by its clocks. */
  timeZone: string
}

/** The next hour, from the sums of the past. */
export function computeForecast({ series, calendar, now, timeZone }: ForecastInput): SystemForecast {
  if (series === undefined) return unknown('no-history')
  const present = Math.floor(now / MINUTE_MS) * MINUTE_MS
  if (present - series.end > MOST_BEHIND_MS) return unknown('history-behind')
  const minutes = Math.max(1, (present - series.end) / MINUTE_MS + HORIZON_MINUTES)
  const events = calendar.map(
    ({ from, until, times }): CalendarEvent => ({ from: Date.parse(from), until: Date.parse(until), times }),
  )
  const of = (values: SystemSeries[keyof Omit<SystemSeries, 'end'>], known: readonly CalendarEvent[]) =>
    forecast(values, { minutes, coverage: COVERAGE, events: known, timeZone })
  const purchases = of(series.purchases, events)
  const visits = of(series.visits, events)
  if (!purchases.known) return unknown(purchases.reason, purchases.knownAt)
  if (!visits.known) return unknown(visits.reason, visits.knownAt)
  // An event changes how many buy, not how long it takes them.
  const slowShares = bandsOf(of(series.slowShare, []), present, 1)
  const lags = bandsOf(of(series.lagSeconds, []), present)
  const browse = bandsOf(visits, present)
  const ahead = [...bandsOf(purchases, present)].map(
    ([at, band]): ForecastMinute => ({
      at: new Date(at).toISOString(),
      purchase: perSecond(band),
      browse: perSecond(browse.get(at) ?? { lower: 0, median: 0, upper: 0 }),
      slowShare: slowShares.get(at) ?? null,
      lagSeconds: lags.get(at) ?? null,
    }),
  )
  const peak = peakOf(ahead)
  return peak === undefined ? unknown('no-history') : { known: true, minutes: ahead, peak }
}

/** Both lanes together. The sum of two bounds is rarely reached by both at once: the band is too wide, if anything. */
export const together = ({ purchase, browse }: Pick<ForecastMinute, Lane>): Band => ({
  lower: purchase.lower + browse.lower,
  median: purchase.median + browse.median,
  upper: purchase.upper + browse.upper,
})

function peakOf(minutes: readonly ForecastMinute[]) {
  const all = minutes.map((minute) => ({ ...together(minute), at: minute.at }))
  const [first, ...others] = all
  if (first === undefined) return undefined
  return others.reduce((highest, each) => (each.median > highest.median ? each : highest), first)
}

const perSecond = ({ lower, median, upper }: Band): Band => ({
  lower: lower / 60,
  median: median / 60,
  upper: upper / 60,
})

/** From the present minute on, not beyond `most`. */
function bandsOf(known: Forecast, present: number, most = Number.POSITIVE_INFINITY): Map<number, Band> {
  if (!known.known) return new Map()
  const within = (value: number) => Math.min(most, Math.max(0, value))
  const bandOf = ({ at, lower, median, upper }: ForecastPoint) =>
    [at, { lower: within(lower), median: within(median), upper: within(upper) }] as const
  return new Map(known.points.filter(({ at }) => at >= present).map(bandOf))
}

const unknown = (
  reason: (SystemForecast & { known: false })['reason'],
  knownAt?: number,
): SystemForecast => ({
  known: false,
  reason,
  knownAt: knownAt === undefined ? null : new Date(knownAt).toISOString(),
})
