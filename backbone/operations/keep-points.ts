import { answersOf } from './answer-rates.ts'
import { rounded, totalOf } from './counts.ts'
import type { Rates } from './sum-rates.ts'
import type { HistoryPoint, SystemState } from './system-state.ts'

/** How much of the past the plots show. */
export const HISTORY_MS = 15 * 60_000

/** The points of the plots. */
export function keepPoints() {
  let points: HistoryPoint[] = []

  return {
    add(point: HistoryPoint): void {
      // Later ones are of a clock that was set back.
      points = [...points.filter(({ at }) => at > point.at - HISTORY_MS && at < point.at), point]
    },
    all: (): HistoryPoint[] => points,
  }
}

export function pointOf(
  { at, checkouts, outcomes, lag }: SystemState,
  rates: Rates,
  load: HistoryPoint['load'],
): HistoryPoint {
  const purchases = checkouts && answersOf('purchase', checkouts.perSecond)
  const visits = checkouts && answersOf('browse', checkouts.perSecond)
  return {
    at,
    purchases: roundedOrNull(purchases?.accepted),
    visits: roundedOrNull(visits?.accepted),
    refusedPurchases: roundedOrNull(purchases?.refused),
    refusedVisits: roundedOrNull(visits?.refused),
    p50: rates.latencyMs?.p50 ?? null,
    p99: rates.latencyMs?.p99 ?? null,
    outcomes: outcomes && rounded(totalOf(outcomes.perSecond)),
    delayP50: outcomes?.delayMs?.p50 ?? null,
    delayP99: outcomes?.delayMs?.p99 ?? null,
    lagRecords: lag.records,
    lagSeconds: lag.seconds,
    load,
  }
}

const roundedOrNull = (value: number | undefined): number | null =>
  value === undefined ? null : rounded(value)
