import type { AnsweredLane } from '../figures/member-figures.ts'
import { addGroups, addTo, keysOf, rounded, roundedCounts } from './counts.ts'
import { type Buckets, gatewayRates, mergeLanes, percentilesOf, processorRates } from './run-rates.ts'
import type { Percentiles, SystemState } from './system-state.ts'
import type { TrackedRun } from './tracked-run.ts'

type Checkouts = NonNullable<SystemState['checkouts']>
type Outcomes = NonNullable<SystemState['outcomes']>

/** Null: unknown, which is not 0. */
export interface Rates extends Pick<SystemState, 'checkouts' | 'outcomes' | 'streams'> {
  /** Of all lanes together. */
  latencyMs: Percentiles | null
}

export const UNKNOWN_RATES: Rates = { checkouts: null, outcomes: null, streams: null, latencyMs: null }

/** What the living members do now, added up. */
export function sumRates(alive: readonly TrackedRun[]): Rates {
  const gateways = alive.filter(({ latest }) => latest.gateway !== undefined)
  const processors = alive.filter(({ latest }) => latest.processor !== undefined)
  const streams = processors.reduce((sum, { latest }) => sum + (latest.processor?.streams ?? 0), 0)
  const { checkouts, latency } = sumCheckouts(gateways)
  return {
    checkouts: gateways.length > 0 ? checkouts : null,
    outcomes: processors.length > 0 ? sumOutcomes(processors) : null,
    streams: processors.length > 0 ? streams : null,
    latencyMs: percentilesOf(mergeLanes(latency)),
  }
}

function sumCheckouts(gateways: readonly TrackedRun[]) {
  const sum: Checkouts = { perSecond: {}, latencyMs: {}, inFlight: 0, limit: 0, waiting: 0 }
  const latency: Partial<Record<AnsweredLane, Buckets>> = {}
  for (const run of gateways) {
    const rates = gatewayRates(run)
    const { inFlight = 0, limit = 0, waiting = 0 } = run.latest.gateway ?? {}
    addGroups(sum.perSecond, rates.answers)
    addGroups(latency, rates.latency)
    sum.inFlight += inFlight
    sum.limit += limit
    sum.waiting += waiting
  }
  for (const lane of keysOf(latency)) sum.latencyMs[lane] = percentilesOf(latency[lane] ?? {})
  for (const lane of keysOf(sum.perSecond)) sum.perSecond[lane] = roundedCounts(sum.perSecond[lane] ?? {})
  return { checkouts: sum, latency }
}

function sumOutcomes(processors: readonly TrackedRun[]): Outcomes {
  const kinds: Record<string, number> = {}
  const delay: Buckets = {}
  let repetitions = 0
  for (const run of processors) {
    const rates = processorRates(run)
    addTo(kinds, rates.outcomes)
    addTo(delay, rates.delay)
    repetitions += rates.repetitions
  }
  return {
    perSecond: roundedCounts(kinds),
    repetitionsPerSecond: rounded(repetitions),
    delayMs: percentilesOf(delay),
  }
}
