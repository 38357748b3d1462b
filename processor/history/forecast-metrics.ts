import { Gauge, type Registry } from 'prom-client'
import type { Band, ForecastState } from '../../backbone/operations/forecast-state.ts'
import { lanes } from '../../backbone/records/partition.ts'
import { secondsUntilBeyond } from './measured-capacity.ts'
import { MINUTE_MS } from './minute-sums.ts'

type Watch = (gauge: Gauge, state: ForecastState) => void

/** Gauges of the forecast; those that are not known are absent. */
export function watchForecast(registry: Registry, last: () => ForecastState | undefined): void {
  const watch = (name: string, help: string, labelNames: string[], set: Watch) =>
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames,
        registers: [],
        collect() {
          this.reset()
          // prom-client sets a gauge without labels to 0.
          if (labelNames.length === 0) this.remove()
          const state = last()
          if (state !== undefined) set(this, state)
        },
      }),
    )
  watch(
    'checkout_expected_checkouts_per_second',
    'Checkouts per second that are expected in this minute',
    ['lane', 'bound'],
    (gauge, state) => {
      const minute = minuteAt(state, Date.now())
      if (minute) for (const lane of lanes) setBand(gauge, { lane }, minute[lane])
    },
  )
  watch(
    'checkout_forecast_peak_checkouts_per_second',
    'Checkouts per second in the busiest minute of the next hour',
    ['bound'],
    (gauge, state) => {
      if (state.known) setBand(gauge, {}, state.peak)
    },
  )
  watch(
    'checkout_capacity_checkouts_per_second',
    'Checkouts per second that the processors classify, measured with a backlog',
    [],
    (gauge, { capacity }) => {
      if (capacity.perSecond !== null) gauge.set(capacity.perSecond)
    },
  )
  watch(
    'checkout_forecast_beyond_capacity_seconds',
    'Seconds until more checkouts are expected than the measured capacity',
    [],
    (gauge, state) => {
      const seconds = secondsUntilBeyond(state, state.capacity, Date.now())
      if (seconds !== undefined) gauge.set(seconds)
    },
  )
}

const minuteAt = (state: ForecastState, now: number) =>
  state.known ? state.minutes.find(({ at }) => Date.parse(at) + MINUTE_MS > now) : undefined

function setBand(gauge: Gauge, labels: Record<string, string>, band: Band): void {
  for (const bound of ['lower', 'median', 'upper'] as const) gauge.set({ ...labels, bound }, band[bound])
}
