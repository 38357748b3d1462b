import { build } from 'hdr-histogram-js'

const HIGHEST_MICROSECONDS = 3_600_000_000

/** Milliseconds. */
export interface Percentiles {
  p50: number
  p95: number
  p99: number
  max: number
}

export interface Times {
  record: (ms: number) => void
  count: () => number
  percentiles: () => Percentiles
}

/** Takes any number of times in constant memory, to three digits. */
export function createTimes(): Times {
  const histogram = build({ highestTrackableValue: HIGHEST_MICROSECONDS, numberOfSignificantValueDigits: 3 })
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1000

  return {
    record: (ms) => histogram.recordValue(Math.round(Math.max(0, ms) * 1000)),
    count: () => histogram.totalCount,
    percentiles: () => ({ p50: at(50), p95: at(95), p99: at(99), max: histogram.maxValue / 1000 }),
  }
}
