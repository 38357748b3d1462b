interface DelayLimits {
  firstMs: number
  longestMs: number
}

/** Twice as long after each attempt; `attempts`: how many failed before this one. */
export const retryDelayMs = (attempts: number, { firstMs, longestMs }: DelayLimits): number =>
  Math.min(firstMs * 2 ** attempts, longestMs)

/** Brokers may lock an account after a few attempts. */
export const LONGEST_REFUSED_DELAY_MS = 30_000

/** How long to wait before the next attempt after a refusal. */
export const refusalDelayMs = (refusals: number): number =>
  retryDelayMs(refusals, { firstMs: 1_000, longestMs: LONGEST_REFUSED_DELAY_MS })
