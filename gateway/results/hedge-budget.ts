const PER_READ = 0.1
const MOST = 10

/**
 * Limits hedges to a tenth of the reads, with bursts of ten (a token bucket, as in gRPC's retry throttling,
 * gRFC A6).
 */
export function createHedgeBudget() {
  let tokens = MOST
  return {
    countRead() {
      tokens = Math.min(MOST, tokens + PER_READ)
    },
    /** Whether a hedge may be sent; counts it if so. */
    take(): boolean {
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
