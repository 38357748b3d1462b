import { type PlacedSegment, valueAt } from './rate-segments.ts'

export interface VuSchedule {
  /** The first time at or after `ms` at which this VU is active; undefined if there is none. */
  activeFrom: (vu: number, ms: number) => number | undefined
  stageAt: (ms: number) => number
}

/**
 * Closed model: how many VUs are active at which time. VU n is active while the planned number is n + 1 or
 * more.
 */
export function createVuSchedule(segments: readonly PlacedSegment[]): VuSchedule {
  return {
    activeFrom(vu, ms) {
      for (const segment of segments) {
        if (segment.endMs <= ms) continue
        const at = reaches(segment, vu + 1, Math.max(ms, segment.startMs))
        if (at !== undefined) return at
      }
      return undefined
    },
    stageAt: (ms) => (segments.find(({ endMs }) => ms < endMs) ?? segments.at(-1))?.stage ?? 0,
  }
}

function reaches(segment: PlacedSegment, count: number, ms: number): number | undefined {
  if (valueAt(segment, ms) >= count) return ms
  const { from, to, startMs, endMs, durationMs } = segment
  if (to < count || to <= from) return undefined
  const at = startMs + (durationMs * (count - from)) / (to - from)
  return at < endMs ? at : undefined
}
