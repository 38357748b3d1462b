import type { MetricName, Metrics } from '../run-result.ts'
import { metricTypes } from './metric-names.ts'
import type { Aggregation } from './thresholds.ts'
import { createTrend, type Trend } from './trend.ts'

type NamesOf<Type> = { [Name in MetricName]: Metrics[Name] extends Type ? Name : never }[MetricName]
export type TrendName = NamesOf<{ avg: number }>
export type CounterName = NamesOf<{ rate: number }>

const names = Object.keys(metricTypes) as MetricName[]
const trendNames = names.filter((name): name is TrendName => metricTypes[name] === 'trend')
const counterNames = names.filter((name): name is CounterName => metricTypes[name] === 'counter')

/** All metrics of one part of a run, in bounded memory. */
export function createMetricSet() {
  const trends = Object.fromEntries(trendNames.map((name) => [name, createTrend()])) as Record<
    TrendName,
    Trend
  >
  const counts = Object.fromEntries(counterNames.map((name) => [name, 0])) as Record<CounterName, number>
  const failures = new Map<string, number>()
  let failed = 0

  const failedShare = () => (counts.http_reqs === 0 ? 0 : failed / counts.http_reqs)

  return {
    trends,
    counts,
    failures: failures as ReadonlyMap<string, number>,
    failed(reason: string) {
      failed++
      failures.set(reason, (failures.get(reason) ?? 0) + 1)
    },

    /** Undefined if there are no samples. */
    aggregate(metric: MetricName, aggregation: Aggregation, seconds: number): number | undefined {
      if (metric === 'http_req_failed') return counts.http_reqs === 0 ? undefined : failedShare()
      if (isTrend(metric)) return trends[metric].aggregate(aggregation)
      return aggregation === 'rate' ? counts[metric] / seconds : counts[metric]
    },

    snapshot: (metric: MetricName): MetricSnapshot => ({
      trend: isTrend(metric) ? trends[metric].copy() : undefined,
      count: isCounter(metric) ? counts[metric] : counts.http_reqs,
      failed,
    }),

    /** Like `aggregate`, for the samples since the snapshot, which was taken `seconds` ago. */
    aggregateSince(
      before: MetricSnapshot,
      metric: MetricName,
      aggregation: Aggregation,
      seconds: number,
    ): number | undefined {
      if (before.trend && isTrend(metric)) return trends[metric].since(before.trend).aggregate(aggregation)
      const count = (isCounter(metric) ? counts[metric] : counts.http_reqs) - before.count
      if (!isCounter(metric)) return count === 0 ? undefined : (failed - before.failed) / count
      return aggregation === 'rate' ? count / seconds : count
    },

    values(seconds: number): Metrics {
      const rate = (count: number) => (seconds > 0 ? count / seconds : 0)
      return {
        ...mapValues(trends, (trend) => trend.values()),
        ...mapValues(counts, (count) => ({ count, rate: rate(count) })),
        http_req_failed: { passes: failed, fails: counts.http_reqs - failed, value: failedShare() },
      }
    },
  }
}

export type MetricSet = ReturnType<typeof createMetricSet>

/** Values of a metric at one time. */
export interface MetricSnapshot {
  trend: Trend | undefined
  count: number
  failed: number
}

const isCounter = (metric: MetricName): metric is CounterName => metricTypes[metric] === 'counter'
export const isTrend = (metric: MetricName): metric is TrendName => metricTypes[metric] === 'trend'

function mapValues<Key extends string, From, To>(record: Record<Key, From>, to: (value: From) => To) {
  return Object.fromEntries(Object.entries<From>(record).map(([key, value]) => [key, to(value)])) as Record<
    Key,
    To
  >
}
