import type { MetricName } from '../run-result.ts'
import type { MetricSet, MetricSnapshot } from './metric-set.ts'
import type { Aggregation } from './thresholds.ts'

/** One metric over the last `lengthMs`. Times are milliseconds since the start of the run. */
export function createSlidingWindow(metrics: MetricSet, metric: MetricName, lengthMs: number) {
  const snapshots: { atMs: number; snapshot: MetricSnapshot }[] = [
    { atMs: 0, snapshot: metrics.snapshot(metric) },
  ]
  let isFull = false

  const since = (aggregation: Aggregation, atMs: number): number | undefined => {
    const [first] = snapshots
    return first && metrics.aggregateSince(first.snapshot, metric, aggregation, (atMs - first.atMs) / 1000)
  }

  return {
    /** Moves the end of the window; about once a second. */
    moveTo(atMs: number) {
      // The first snapshot is the start of the window: the latest one that is old enough.
      while (snapshots.length > 1 && atMs - (snapshots[1]?.atMs ?? atMs) >= lengthMs) snapshots.shift()
      isFull ||= atMs - (snapshots[0]?.atMs ?? atMs) >= lengthMs
      snapshots.push({ atMs, snapshot: metrics.snapshot(metric) })
    },
    /** Whether the window has ever reached its full length. */
    isFull: () => isFull,
    aggregate: since,
  }
}
