/** Linear from one value to another; values are rates per second or numbers of VUs. */
export interface Segment {
  durationMs: number
  from: number
  to: number
  /** Index of the stage of the scenario that it belongs to. */
  stage: number
  /** The stage as the load definition describes it, in its own units; absent after scaling. */
  written?: string
}

export interface PlacedSegment extends Segment {
  startMs: number
  endMs: number
}

/** From this time on, the planned rates are multiplied by `factor`. */
export interface RateChange {
  /** Milliseconds since the start. */
  atMs: number
  factor: number
}

export function placeSegments(segments: readonly Segment[], startMs = 0): PlacedSegment[] {
  let at = startMs
  return segments.map((segment) => {
    const placed = { ...segment, startMs: at, endMs: at + segment.durationMs }
    at = placed.endMs
    return placed
  })
}

export function valueAt({ from, to, startMs, durationMs }: PlacedSegment, ms: number): number {
  if (from === to || durationMs === 0) return to
  return from + ((to - from) * (ms - startMs)) / durationMs
}

/** The part of a segment between two times; undefined if there is none. */
function between(segment: PlacedSegment, startMs: number, endMs: number): PlacedSegment | undefined {
  const start = Math.max(segment.startMs, startMs)
  const end = Math.min(segment.endMs, endMs)
  if (start >= end) return undefined
  return {
    ...segment,
    startMs: start,
    endMs: end,
    durationMs: end - start,
    from: valueAt(segment, start),
    to: valueAt(segment, end),
  }
}

/** Applies each change to the segments after it; splits segments at the time of a change. */
export function applyChanges(
  segments: readonly PlacedSegment[],
  changes: readonly RateChange[],
): PlacedSegment[] {
  const spans = [{ atMs: Number.NEGATIVE_INFINITY, factor: 1 }, ...changes]
  return segments.flatMap((segment) =>
    spans.flatMap(({ atMs, factor }, index) => {
      const part = between(segment, atMs, spans[index + 1]?.atMs ?? Number.POSITIVE_INFINITY)
      return part ? [{ ...part, from: part.from * factor, to: part.to * factor }] : []
    }),
  )
}
