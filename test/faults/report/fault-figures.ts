import type { FaultName } from '../inject/fault-names.ts'
import type { InjectedFault } from '../inject/run-plan.ts'
import { longestSilenceMs, longestStallMs, type Observed, type Timeline, wellAgainAt } from './timeline.ts'

/** Effects of one injection, including those of concurrent faults; times in milliseconds. */
export interface FaultFigures {
  name: FaultName
  targets: string[]
  /** Seconds from the start of the load. */
  atS: number
  lastedMs: number
  /** No other fault was active at the same time. */
  alone: boolean
  refused: number
  longestWithoutAckMs: number
  longestWithoutOutcomeMs: number
  p99PostMs: number
  /** Time from the end of the fault to the recovery; undefined if the load ended before. */
  wellAfterMs: number | undefined
}

const LAID_TO_IT_MS = 30_000

export function faultFigures(
  injected: InjectedFault[],
  observed: Observed,
  timeline: Timeline,
): FaultFigures[] {
  const acksAt = observed.acks.at.toSorted()
  const spans = injected.map((fault) => {
    const { injectedAt, healedAt, servingAt } = fault
    const well = wellAgainAt(observed, timeline, servingAt ?? healedAt)
    // Without a recovery within this time, what is seen later is the effect of other faults.
    const until = Math.min(well ?? Number.POSITIVE_INFINITY, healedAt + LAID_TO_IT_MS, observed.endedAt)
    return { fault, injectedAt, well, until }
  })

  return spans.map((span) => {
    const { fault, injectedAt, well, until } = span
    const { name, targets, healedAt } = fault
    return {
      name,
      targets,
      atS: Math.round((injectedAt - observed.startedAt) / 1000),
      lastedMs: healedAt - injectedAt,
      alone: spans.every((other) => other === span || other.injectedAt > until || other.until < injectedAt),
      refused: observed.refusedAt.reduce((sum, at) => (isBetween(at, injectedAt, until) ? sum + 1 : sum), 0),
      longestWithoutAckMs: longestSilenceMs(acksAt, injectedAt, until),
      longestWithoutOutcomeMs: longestStallMs(observed.partitions, injectedAt, until),
      p99PostMs: p99(
        observed.acks.sinceDueMs.filter((_, i) => isBetween(observed.acks.at[i], injectedAt, until)),
      ),
      wellAfterMs: well === undefined ? undefined : well - healedAt,
    }
  })
}

const isBetween = (at: number | undefined, from: number, to: number) =>
  at !== undefined && at >= from && at <= to

function p99(values: Float32Array): number {
  return values.toSorted()[Math.ceil(values.length * 0.99) - 1] ?? 0
}

/** All injections of one kind together; the longest of the times. */
export interface KindFigures {
  name: FaultName
  injected: number
  refused: number
  longestWithoutAckMs: number
  longestWithoutOutcomeMs: number
  p99PostMs: number
  wellAfterMs: number | undefined
}

export function byKind(figures: FaultFigures[]): KindFigures[] {
  return [...Map.groupBy(figures, ({ name }) => name)]
    .map(([name, group]) => {
      const longest = (of: (figure: FaultFigures) => number | undefined) =>
        Math.max(...group.map((f) => of(f) ?? 0))
      const everWell = group.every(({ wellAfterMs }) => wellAfterMs !== undefined)
      return {
        name,
        injected: group.length,
        refused: group.reduce((sum, { refused }) => sum + refused, 0),
        longestWithoutAckMs: longest((f) => f.longestWithoutAckMs),
        longestWithoutOutcomeMs: longest((f) => f.longestWithoutOutcomeMs),
        p99PostMs: longest((f) => f.p99PostMs),
        wellAfterMs: everWell ? longest((f) => f.wellAfterMs) : undefined,
      }
    })
    .toSorted((a, b) => a.name.localeCompare(b.name))
}
