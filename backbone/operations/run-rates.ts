import { quantile } from '../figures/latency-buckets.ts'
import type { AnsweredLane } from '../figures/member-figures.ts'
import { addTo, increase, increaseOfGroups, rounded } from './counts.ts'
import type { Percentiles } from './system-state.ts'
import { perSecond, stretchOf, type TrackedRun } from './tracked-run.ts'

export const RATE_WINDOW_MS = 5_000
const LATENCY_WINDOW_MS = 10_000

export type Buckets = Record<string, number>

// Not rounded: the sum of several runs is.
type PerSecond = Record<string, number>

const scaled = (counts: PerSecond, factor: number): PerSecond => {
  const rates: PerSecond = {}
  addTo(rates, counts, factor)
  return rates
}

/** Answers per second by lane and status, and the times of the last answers by lane. */
export function gatewayRates(run: TrackedRun) {
  const stretch = stretchOf(run, RATE_WINDOW_MS)
  const { before } = stretchOf(run, LATENCY_WINDOW_MS)
  const { answers = {}, latency = {} } = run.latest.gateway ?? {}
  const answered: Partial<Record<AnsweredLane, PerSecond>> = {}
  for (const [lane, counts] of Object.entries(increaseOfGroups(answers, stretch.before?.gateway?.answers)))
    answered[lane as AnsweredLane] = scaled(counts, perSecond(1, stretch))
  return {
    answers: answered,
    latency: increaseOfGroups(latency, before?.gateway?.latency),
  }
}

/** Outcomes per second by kind, repetitions per second, and the delays of the last outcomes. */
export function processorRates(run: TrackedRun) {
  const stretch = stretchOf(run, RATE_WINDOW_MS)
  const { before: longBefore } = stretchOf(run, LATENCY_WINDOW_MS)
  const now = run.latest.processor
  const before = stretch.before?.processor
  const factor = perSecond(1, stretch)
  return {
    outcomes: scaled(increase(now?.outcomes ?? {}, before?.outcomes), factor),
    repetitions: Math.max(0, (now?.repetitions ?? 0) - (before?.repetitions ?? 0)) * factor,
    delay: increase(now?.delay ?? {}, longBefore?.processor?.delay),
  }
}

/** Share of one core. */
export function cpuOf(run: TrackedRun): number {
  const stretch = stretchOf(run, RATE_WINDOW_MS)
  return rounded(perSecond(run.latest.cpuSeconds - (stretch.before?.cpuSeconds ?? 0), stretch))
}

/** In milliseconds; null if nothing was measured. */
export function percentilesOf(buckets: Buckets): Percentiles | null {
  const p50 = quantile(buckets, 0.5)
  const p99 = quantile(buckets, 0.99)
  return p50 === undefined || p99 === undefined ? null : { p50: rounded(p50), p99: rounded(p99) }
}

/** Of all lanes together. */
export function mergeLanes(latency: Partial<Record<AnsweredLane, Buckets>>): Buckets {
  const together: Buckets = {}
  for (const buckets of Object.values(latency)) addTo(together, buckets)
  return together
}
