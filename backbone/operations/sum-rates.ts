import { addGroups, addTo, increase, increaseOfGroups, keysOf, rounded, roundedCounts } from './counts.ts'
import { quantile } from './latency-buckets.ts'
import type { AnsweredLane } from './member-figures.ts'
import type { Percentiles, SystemState } from './system-state.ts'
import { perSecond, stretchOf, type TrackedRun } from './tracked-run.ts'

export const RATE_WINDOW_MS = 5_000
export const LATENCY_WINDOW_MS = 10_000

type Buckets = Record<string, number>

export interface Rates {
  checkouts: SystemState['checkouts']
  outcomes: SystemState['outcomes']
  streams: number
  /** Of all lanes together. */
  latencyMs: Percentiles | null
}

/** What the living members do now, added up. */
export function sumRates(alive: readonly TrackedRun[]): Rates {
  const checkouts: SystemState['checkouts'] = {
    perSecond: {},
    latencyMs: {},
    inFlight: 0,
    limit: 0,
    waiting: 0,
  }
  const outcomes: SystemState['outcomes'] = { perSecond: {}, repetitionsPerSecond: 0, delayMs: null }
  const latency: Partial<Record<AnsweredLane, Buckets>> = {}
  const delay: Buckets = {}
  let streams = 0

  for (const run of alive) {
    const { gateway, processor } = run.latest
    const stretch = stretchOf(run, RATE_WINDOW_MS)
    const { before: longBefore } = stretchOf(run, LATENCY_WINDOW_MS)
    const factor = perSecond(1, stretch)
    if (gateway) {
      const answers = increaseOfGroups(gateway.answers, stretch.before?.gateway?.answers)
      addGroups(checkouts.perSecond, answers, factor)
      addGroups(latency, increaseOfGroups(gateway.latency, longBefore?.gateway?.latency))
      checkouts.inFlight += gateway.inFlight
      checkouts.limit += gateway.limit
      checkouts.waiting += gateway.waiting
    }
    if (processor) {
      const before = stretch.before?.processor
      addTo(outcomes.perSecond, increase(processor.outcomes, before?.outcomes), factor)
      outcomes.repetitionsPerSecond +=
        Math.max(0, processor.repetitions - (before?.repetitions ?? 0)) * factor
      addTo(delay, increase(processor.delay, longBefore?.processor?.delay))
      streams += processor.streams
    }
  }

  const together: Buckets = {}
  for (const lane of keysOf(latency)) {
    checkouts.latencyMs[lane] = percentilesOf(latency[lane] ?? {})
    addTo(together, latency[lane] ?? {})
  }
  for (const lane of keysOf(checkouts.perSecond))
    checkouts.perSecond[lane] = roundedCounts(checkouts.perSecond[lane] ?? {})
  outcomes.perSecond = roundedCounts(outcomes.perSecond)
  outcomes.repetitionsPerSecond = rounded(outcomes.repetitionsPerSecond)
  outcomes.delayMs = percentilesOf(delay)
  return { checkouts, outcomes, streams, latencyMs: percentilesOf(together) }
}

function percentilesOf(buckets: Buckets): Percentiles | null {
  const p50 = quantile(buckets, 0.5)
  const p99 = quantile(buckets, 0.99)
  return p50 === undefined || p99 === undefined ? null : { p50: rounded(p50), p99: rounded(p99) }
}
