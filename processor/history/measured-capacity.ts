import { type SystemForecast, together } from './compute-forecast.ts'

export interface Capacity {
  /** Checkouts per second that the present processors classify; null until one has had a backlog for ten seconds. */
  perSecond: number | null
  /** The greatest rate of one processor with a backlog, of the last 35 days. */
  perProcessor: number | null
  /** Processors that classify now. */
  processors: number
}

/**
 * What the processors can classify, measured while they had a backlog. It is not extrapolated from their load: a record of
 * a small batch costs several times as much as one of a large batch.
 */
export function measuredCapacity(drains: Iterable<number>, processors: number): Capacity {
  const perProcessor = Math.max(0, ...drains)
  if (perProcessor === 0) return { perSecond: null, perProcessor: null, processors }
  return { perSecond: perProcessor * processors, perProcessor, processors }
}

/** Until the median of both lanes exceeds the capacity; undefined if it does not within the forecast, or is unknown. */
export function secondsUntilBeyond(
  forecast: SystemForecast,
  { perSecond }: Pick<Capacity, 'perSecond'>,
  now: number,
): number | undefined {
  if (!forecast.known || perSecond === null) return undefined
  const minute = forecast.minutes.find((each) => together(each).median > perSecond)
  return minute && Math.max(0, (Date.parse(minute.at) - now) / 1_000)
}
