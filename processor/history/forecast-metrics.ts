import type { Registry } from 'prom-client'
import type { Band, ForecastState } from '../../backbone/operations/forecast-state.ts'
import { watchNumber, watchNumbers } from '../../backbone/process/metrics.ts'
import { lanes } from '../../backbone/records/partition.ts'
import { secondsUntilBeyond } from './measured-capacity.ts'
import { MINUTE_MS } from './minute-sums.ts'

/** Gauges of the forecast; those that are not known are absent. */
export function watchForecast(registry: Registry, last: () => ForecastState | undefined): void {
  watchNumbers(
    registry,
    {
      name: 'checkout_expected_checkouts_per_second',
      help: 'Checkouts per second that are expected in this minute',
      labelNames: ['lane', 'bound'],
    },
    () => {
      const minute = minuteAt(last(), Date.now())
      return lanes.flatMap((lane) => numbersOf(minute?.[lane], { lane }))
    },
  )
  watchNumbers(
    registry,
    {
      name: 'checkout_forecast_peak_checkouts_per_second',
      help: 'Checkouts per second in the busiest minute of the next hour',
      labelNames: ['bound'],
    },
    () => {
      const state = last()
      return numbersOf(state?.known ? state.peak : undefined, {})
    },
  )
  watchNumber(
    registry,
    'checkout_capacity_checkouts_per_second',
    'Checkouts per second that the processors classify, measured with a backlog',
    () => last()?.capacity.perSecond ?? undefined,
  )
  watchNumber(
    registry,
    'checkout_forecast_beyond_capacity_seconds',
    'Seconds until more checkouts are expected than the measured capacity',
    () => {
      const state = last()
      return state && secondsUntilBeyond(state, state.capacity, Date.now())
    },
  )
}

const minuteAt = (state: ForecastState | undefined, now: number) =>
  state?.known ? state.minutes.find(({ at }) => Date.parse(at) + MINUTE_MS > now) : undefined

/** A number for each bound; none while the band is not known. */
const numbersOf = <Labels>(band: Band | undefined, labels: Labels) =>
  band === undefined
    ? []
    : (['lower', 'median', 'upper'] as const).map((bound): [Labels & { bound: string }, number] => [
        { ...labels, bound },
        band[bound],
      ])
