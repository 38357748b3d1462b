// Brokers may lock an account after a few attempts.
const SHORTEST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 30_000

/** How long to wait before the next attempt; `refusals`: how many came before this one. */
export const refusalDelayMs = (refusals: number): number =>
  Math.min(SHORTEST_DELAY_MS * 2 ** refusals, LONGEST_DELAY_MS)
