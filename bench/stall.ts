import type { Quantiles } from './quantiles.ts'

/** The server answers after ANSWER_MS, except that it answers nothing for LENGTH_MS of every PERIOD_MS. */
const PERIOD_MS = 10_000
const STALLS_FROM_MS = 4_500
const LENGTH_MS = 1_000
const ANSWER_MS = 10

/** When a request is answered; times are relative to the first request. */
export function answerAt(arrivedMs: number): number {
  const inPeriod = arrivedMs % PERIOD_MS
  const stallEndsIn = STALLS_FROM_MS + LENGTH_MS - inPeriod
  const isStalled = stallEndsIn > 0 && stallEndsIn <= LENGTH_MS
  return arrivedMs + ANSWER_MS + (isStalled ? stallEndsIn : 0)
}

/** Clients that arrive independently: one in ten meets the stall, at a random moment within it. */
export function openTheory(): Quantiles {
  return theory(LENGTH_MS / PERIOD_MS, 0)
}

/**
 * Clients that wait for their answer and then think: each meets the stall once, soon after its beginning, and
 * sends nothing else during it.
 */
export function closedTheory(vus: number, thinkMs: number): Quantiles {
  const cycleMs = thinkMs + ANSWER_MS
  const unhindered = (vus * (PERIOD_MS - LENGTH_MS)) / cycleMs
  return theory(vus / (vus + unhindered), LENGTH_MS - cycleMs)
}

/** A share of them waits, uniformly distributed from the shortest wait to the whole stall. */
function theory(waitingShare: number, shortestWaitMs: number): Quantiles {
  const at = (q: number) => {
    const amongWaiting = (q - (1 - waitingShare)) / waitingShare
    return amongWaiting <= 1e-9
      ? ANSWER_MS
      : ANSWER_MS + shortestWaitMs + amongWaiting * (LENGTH_MS - shortestWaitMs)
  }
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: ANSWER_MS + LENGTH_MS }
}
