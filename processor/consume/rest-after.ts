const REST_PER_TIME_TAKEN = 2
const LONGEST_REST_MS = 50

/**
 * How long a partition that is not behind rests after its transactions, by the time that they took, both in milliseconds.
 * A transaction costs the brokers a dozen requests whatever is in it. Without a rest each takes the few records that came
 * during the one before, and at 300 checkouts/s two cores have no time for anything else; with it a quarter of that is
 * left, and checkouts are accepted sooner. Quick transactions are followed soon, slow ones make room for the next.
 */
export function restAfter(tookMs: number): number {
  return Math.min(REST_PER_TIME_TAKEN * tookMs, LONGEST_REST_MS)
}
