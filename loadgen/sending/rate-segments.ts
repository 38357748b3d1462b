/** A straight line from one value to another, the values being rates per second or numbers of VUs. */
export interface Segment {
  durationMs: number
  from: number
  to: number
  /** Which stage of the scenario it is, or a part of. */
  stage: number
  /** What the load definition says of this stage, in its own units; absent once it was scaled. */
  written?: string
}

export interface PlacedSegment extends Segment {
  startMs: number
  endMs: number
}

/** From a certain time on, the plan's rates are multiplied by this. */
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

/** The part of a segment that lies between two times; undefined when there is none. */
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

/** Multiplies what lies behind each change; segments are cut where it happens. */
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
