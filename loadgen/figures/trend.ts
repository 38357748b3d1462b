import { build, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js'
import type { Quantiles, TrendValues } from '../run-result.ts'
import type { Aggregation } from './thresholds.ts'

const MICROSECONDS = 1_000

export interface Trend {
  record: (ms: number) => void
  /** Undefined if nothing was recorded. */
  aggregate: (aggregation: Aggregation) => number | undefined
  values: () => TrendValues
  quantiles: () => Quantiles | undefined
  /** A copy of the current state. */
  copy: () => Trend
  /** The values recorded since that copy; minimum and maximum also have three digits. */
  since: (copy: Trend) => Trend
  /** HdrHistogram V2, compressed, base64, in microseconds; undefined if nothing was recorded. */
  encoded: () => string | undefined
  inside: () => Inside
}

interface Inside {
  histogram: Histogram
  sum: number
  min: number
  max: number
}

/** Records any number of times in bounded memory, with three digits; mean, minimum and maximum are exact. */
export function createTrend(): Trend {
  return trendOf({ histogram: emptyHistogram(), sum: 0, min: Number.POSITIVE_INFINITY, max: 0 })
}

const emptyHistogram = () => build({ numberOfSignificantValueDigits: 3, autoResize: true })

function trendOf(inside: Inside): Trend {
  const { histogram } = inside
  let { sum, min, max } = inside

  const percentile = (percent: number) =>
    Math.min(max, Math.max(min, histogram.getValueAtPercentile(percent) / MICROSECONDS))

  function aggregate(aggregation: Aggregation): number | undefined {
    const count = histogram.totalCount
    if (aggregation === 'count') return count
    if (count === 0) return undefined
    if (typeof aggregation === 'number') return percentile(aggregation)
    return { avg: sum / count, min, max, med: percentile(50), rate: undefined }[aggregation]
  }

  return {
    record(time) {
      const ms = Math.max(0, time)
      histogram.recordValue(Math.round(ms * MICROSECONDS))
      sum += ms
      min = Math.min(min, ms)
      max = Math.max(max, ms)
    },
    aggregate,
    values: () => ({
      count: histogram.totalCount,
      avg: aggregate('avg') ?? 0,
      min: aggregate('min') ?? 0,
      med: aggregate('med') ?? 0,
      max,
      'p(90)': aggregate(90) ?? 0,
      'p(95)': aggregate(95) ?? 0,
      'p(99)': aggregate(99) ?? 0,
    }),
    quantiles: () =>
      histogram.totalCount === 0
        ? undefined
        : { p50: percentile(50), p90: percentile(90), p99: percentile(99), max },
    copy() {
      const copied = emptyHistogram()
      copied.add(histogram)
      return trendOf({ histogram: copied, sum, min, max })
    },
    since(copy) {
      const before = copy.inside()
      const rest = emptyHistogram()
      rest.add(histogram)
      rest.subtract(before.histogram)
      return trendOf({
        histogram: rest,
        sum: sum - before.sum,
        min: rest.getValueAtPercentile(0) / MICROSECONDS,
        max: rest.maxValue / MICROSECONDS,
      })
    },
    encoded: () => (histogram.totalCount === 0 ? undefined : encodeIntoCompressedBase64(histogram)),
    inside: () => ({ histogram, sum, min, max }),
  }
}
