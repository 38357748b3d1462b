import { applyChanges, type PlacedSegment, type RateChange, valueAt } from './rate-segments.ts'

// A rate such as 0.1 has no exact binary form; rounding must not add an iteration at the very end.
const NOISE = 1e-6

export interface Due {
  /** Milliseconds since the start of the run. */
  atMs: number
  stage: number
}

/** When each iteration is due. Open model: fixed in advance, independent of the target. */
export interface ArrivalSchedule {
  /** Undefined if the schedule ends before it. */
  due: (iteration: number) => Due | undefined
  /** Iterations per second that are due at this time. */
  rateAt: (ms: number) => number
}

/**
 * Iteration n is due when the integral of the rate over time reaches n, as in k6's ramping-arrival-rate executor
 * (grafana/k6, lib/executor/ramping_arrival_rate.go); at a constant rate that is start + n × period.
 */
export function createArrivalSchedule(
  plan: readonly PlacedSegment[],
  changes: readonly RateChange[] = [],
): ArrivalSchedule {
  let counted = 0
  const segments = applyChanges(plan, changes).map((segment) => {
    const first = counted
    const { from, to, durationMs } = segment
    if (from + to > 0) counted += (((from + to) / 2) * durationMs) / 1000
    return { segment, first, end: counted }
  })

  /** The first segment that ends after this iteration. */
  function find(iteration: number) {
    let low = 0
    let high = segments.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((segments[middle]?.end ?? 0) - NOISE > iteration) high = middle
      else low = middle + 1
    }
    return segments[low]
  }

  return {
    due(iteration) {
      const found = find(iteration)
      if (!found) return undefined
      const { segment, first } = found
      return { atMs: segment.startMs + msUntil(iteration - first, segment), stage: segment.stage }
    },
    rateAt(ms) {
      const current = segments.find(({ segment }) => ms >= segment.startMs && ms < segment.endMs)
      return current ? valueAt(current.segment, ms) : 0
    },
  }
}

/**
 * The time within a segment until `count` iterations are due: the root of from·t + (to − from)/2D·t² = count.
 */
function msUntil(count: number, { from, to, durationMs }: PlacedSegment): number {
  // Zero or less is a rounding error: the previous iteration was due at the very end of the previous segment.
  if (count <= 0) return 0
  if (from === to) return (count * 1000) / from
  const slope = (to - from) / (durationMs / 1000)
  // This form of the root avoids cancellation. A negative value is a rounding error at the end of a ramp to 0.
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * count))
  return Math.min((2000 * count) / (from + root), durationMs)
}
