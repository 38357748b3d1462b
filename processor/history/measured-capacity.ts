import type { Capacity, SystemForecast } from '../../backbone/operations/forecast-state.ts'
import type { ForeseenExcess } from '../../backbone/operations/foreseen-excess.ts'
import { together } from './compute-forecast.ts'

/**
 * What the processors can classify, measured while they had a backlog. It is not extrapolated from their load: a record of
 * a small batch costs several times as much as one of a large batch.
 */
export function measuredCapacity(drains: Iterable<number>, processors: number): Capacity {
  const perProcessor = Math.max(0, ...drains)
  if (perProcessor === 0) return { perSecond: null, perProcessor: null, processors }
  return { perSecond: perProcessor * processors, perProcessor, processors }
}

/** The first minute in which the median of both lanes exceeds the capacity; undefined if none does, or it is unknown. */
export function firstBeyond(
  forecast: SystemForecast,
  { perSecond: capacity }: Pick<Capacity, 'perSecond'>,
): ForeseenExcess | undefined {
  if (!forecast.known || capacity === null) return undefined
  const minute = forecast.minutes.find((each) => together(each).median > capacity)
  return minute && { at: Date.parse(minute.at), perSecond: together(minute).median, capacity }
}

/** Until that minute. */
export function secondsUntilBeyond(
  forecast: SystemForecast,
  capacity: Pick<Capacity, 'perSecond'>,
  now: number,
): number | undefined {
  const first = firstBeyond(forecast, capacity)
  return first && Math.max(0, (first.at - now) / 1_000)
}
