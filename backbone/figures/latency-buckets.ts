/**
 * A histogram of times: for each bucket that is not empty, by its number, how many times were counted. Each bucket is 5 %
 * wider than the one before, so a quantile is at most 2.5 % off, and histograms of several processes can be added up.
 */
export type LatencyBuckets = Record<string, number>

const GROWTH = 1.05
const FIRST_MS = 0.1
const LOG_GROWTH = Math.log(GROWTH)

/** Number of the bucket of a time: 0 for up to 0.1 ms. */
const bucketOf = (ms: number): number =>
  ms <= FIRST_MS ? 0 : Math.ceil(Math.log(ms / FIRST_MS) / LOG_GROWTH)

/** The middle of a bucket, in milliseconds. */
const middleOf = (bucket: number): number => (bucket === 0 ? FIRST_MS : FIRST_MS * GROWTH ** (bucket - 0.5))

/** Counts times since the start of the process. */
export function createLatencyBuckets() {
  const buckets: LatencyBuckets = {}
  return {
    record(ms: number): void {
      const bucket = bucketOf(ms)
      buckets[bucket] = (buckets[bucket] ?? 0) + 1
    },
    buckets: (): LatencyBuckets => ({ ...buckets }),
  }
}

/** In milliseconds; undefined if nothing was counted. `q` is from 0 to 1. */
export function quantile(buckets: LatencyBuckets, q: number): number | undefined {
  const counts = Object.entries(buckets)
    .map(([bucket, count]) => [Number(bucket), count] as const)
    .toSorted(([a], [b]) => a - b)
  const total = counts.reduce((sum, [, count]) => sum + count, 0)
  let rank = Math.max(1, Math.ceil(q * total))
  for (const [bucket, count] of counts) {
    rank -= count
    if (rank <= 0) return middleOf(bucket)
  }
  return undefined
}
