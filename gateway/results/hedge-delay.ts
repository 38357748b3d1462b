const SAMPLES = 512
const RECOMPUTED_EVERY_MS = 1_000
const QUANTILE = 0.95
const SHORTEST_MS = 30
const LONGEST_MS = 250

/**
 * How long a read waits before it is hedged: the 95th percentile of recent reads, from 30 to 250 ms (Dean and
 * Barroso, "The Tail at Scale", 2013).
 */
export function createHedgeDelay(now: () => number = () => performance.now()) {
  const samples: number[] = []
  let next = 0
  let delayMs = LONGEST_MS
  let computedAt = Number.NEGATIVE_INFINITY

  return {
    /** Duration from a request to its answer. */
    record(ms: number) {
      samples[next] = ms
      next = (next + 1) % SAMPLES
    },
    delayMs(): number {
      if (samples.length > 0 && now() - computedAt >= RECOMPUTED_EVERY_MS) {
        computedAt = now()
        const sorted = samples.toSorted((a, b) => a - b)
        const quantile = sorted[Math.ceil(QUANTILE * sorted.length) - 1] ?? LONGEST_MS
        delayMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, quantile))
      }
      return delayMs
    },
  }
}
