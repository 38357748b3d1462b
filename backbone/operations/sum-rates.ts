import { addGroups, addTo, increase, increaseOfGroups, keysOf, rounded, roundedCounts } from './counts.ts'
import { quantile } from './latency-buckets.ts'
import type { AnsweredLane } from './member-figures.ts'
import type { Percentiles, SystemState } from './system-state.ts'
import { perSecond, stretchOf, type TrackedRun } from './tracked-run.ts'

export const RATE_WINDOW_MS = 5_000
export const LATENCY_WINDOW_MS = 10_000

type Buckets = Record<string, number>
type Checkouts = NonNullable<SystemState['checkouts']>
type Outcomes = NonNullable<SystemState['outcomes']>

/** Null: unknown, which is not 0. */
export interface Rates extends Pick<SystemState, 'checkouts' | 'outcomes' | 'streams'> {
  /** Of all lanes together. */
  latencyMs: Percentiles | null
}

/** What the living members do now, added up. */
export function sumRates(alive: readonly TrackedRun[]): Rates {
  const gateways = alive.filter(({ latest }) => latest.gateway !== undefined)
  const processors = alive.filter(({ latest }) => latest.processor !== undefined)
  const latency = sumLatency(gateways)
  const together: Buckets = {}
  for (const lane of keysOf(latency)) addTo(together, latency[lane] ?? {})
  const streams = processors.reduce((sum, { latest }) => sum + (latest.processor?.streams ?? 0), 0)
  return {
    checkouts: gateways.length > 0 ? sumCheckouts(gateways, latency) : null,
    outcomes: processors.length > 0 ? sumOutcomes(processors) : null,
    streams: processors.length > 0 ? streams : null,
    latencyMs: percentilesOf(together),
  }
}

type Latency = Partial<Record<AnsweredLane, Buckets>>

function sumLatency(gateways: readonly TrackedRun[]): Latency {
  const latency: Latency = {}
  for (const run of gateways) {
    const { before } = stretchOf(run, LATENCY_WINDOW_MS)
    addGroups(latency, increaseOfGroups(run.latest.gateway?.latency ?? {}, before?.gateway?.latency))
  }
  return latency
}

function sumCheckouts(gateways: readonly TrackedRun[], latency: Latency): Checkouts {
  const sum: Checkouts = { perSecond: {}, latencyMs: {}, inFlight: 0, limit: 0, waiting: 0 }
  for (const run of gateways) {
    const { gateway } = run.latest
    const stretch = stretchOf(run, RATE_WINDOW_MS)
    const answers = increaseOfGroups(gateway?.answers ?? {}, stretch.before?.gateway?.answers)
    addGroups(sum.perSecond, answers, perSecond(1, stretch))
    sum.inFlight += gateway?.inFlight ?? 0
    sum.limit += gateway?.limit ?? 0
    sum.waiting += gateway?.waiting ?? 0
  }
  for (const lane of keysOf(latency)) sum.latencyMs[lane] = percentilesOf(latency[lane] ?? {})
  for (const lane of keysOf(sum.perSecond)) sum.perSecond[lane] = roundedCounts(sum.perSecond[lane] ?? {})
  return sum
}

function sumOutcomes(processors: readonly TrackedRun[]): Outcomes {
  const kinds: Record<string, number> = {}
  const delay: Buckets = {}
  let repetitions = 0
  for (const run of processors) {
    const stretch = stretchOf(run, RATE_WINDOW_MS)
    const { before: longBefore } = stretchOf(run, LATENCY_WINDOW_MS)
    const now = run.latest.processor
    const before = stretch.before?.processor
    const factor = perSecond(1, stretch)
    addTo(kinds, increase(now?.outcomes ?? {}, before?.outcomes), factor)
    repetitions += Math.max(0, (now?.repetitions ?? 0) - (before?.repetitions ?? 0)) * factor
    addTo(delay, increase(now?.delay ?? {}, longBefore?.processor?.delay))
  }
  return {
    perSecond: roundedCounts(kinds),
    repetitionsPerSecond: rounded(repetitions),
    delayMs: percentilesOf(delay),
  }
}

function percentilesOf(buckets: Buckets): Percentiles | null {
  const p50 = quantile(buckets, 0.5)
  const p99 = quantile(buckets, 0.99)
  return p50 === undefined || p99 === undefined ? null : { p50: rounded(p50), p99: rounded(p99) }
}
