import type { Model } from './agreement-runs.ts'
import { type Quantiles, quantileNames } from './quantiles.ts'
import type { StallFigures } from './servers/stalling.ts'

export interface Finding {
  name: string
  model: Model
  /** Counted by the tool. */
  requests: number
  latency: Quantiles
  /** Number and duration of this tool's requests, as measured by the server. */
  server: StallFigures
  theory: Quantiles
}

interface Check {
  ok: boolean
  text: string
}

/**
 * A twentieth of the stall: timers, the scheduler of a busy machine, and some requests more or less in the
 * stall.
 */
const TO_THEORY_MS = 50
/** The round trip, and the steps of the histograms. */
const TO_SERVER_MS = 30

/** Checks the load generator against theory, the server and the other tools. */
export function judge(loadgen: Finding, others: readonly Finding[]): Check[] {
  const openOnes = others.filter(({ model }) => model === 'open')
  const closedOnes = others.filter(({ model }) => model === 'closed')
  return [
    within(TO_THEORY_MS, `${loadgen.name} and theory`, loadgen.latency, loadgen.theory),
    within(TO_SERVER_MS, `${loadgen.name} and the server`, loadgen.latency, loadgen.server.latency),
    ...openOnes.map(({ name, latency }) =>
      within(TO_THEORY_MS, `${loadgen.name} and ${name}`, loadgen.latency, latency),
    ),
    ...closedOnes.map(({ name, latency }) => ({
      ok: latency.p99 < loadgen.latency.p99 / 2,
      text: `${name} hides the stall: its p99 is ${latency.p99.toFixed(0)} ms, not ${loadgen.theory.p99.toFixed(0)} ms`,
    })),
  ]
}

function within(toleranceMs: number, names: string, a: Quantiles, b: Quantiles): Check {
  const [worst, byMs] = quantileNames
    .map((name) => [name, Math.abs(a[name] - b[name])] as const)
    .reduce((most, next) => (next[1] > most[1] ? next : most))
  return {
    ok: byMs <= toleranceMs,
    text: `${names} agree within ${toleranceMs} ms; the largest difference is at ${worst}, by ${byMs.toFixed(1)} ms`,
  }
}
