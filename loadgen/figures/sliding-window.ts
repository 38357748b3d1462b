import type { MetricName } from '../run-result.ts'
import type { MetricSet } from './metric-set.ts'
import type { Aggregation } from './thresholds.ts'

/** What one metric was over the last so many seconds. */
export function createSlidingWindow(metrics: MetricSet, metric: MetricName, seconds: number) {
  const before = [metrics.snapshot(metric)]
  let took = 0

  return {
    /** Once a second. Returns whether the window is as long as it should be. */
    tick(): boolean {
      before.push(metrics.snapshot(metric))
      if (before.length > seconds + 1) before.shift()
      took = before.length - 1
      return took === seconds
    },
    aggregate(aggregation: Aggregation): number | undefined {
      const [first] = before
      return first && metrics.aggregateSince(first, metric, aggregation, took)
    },
  }
}
