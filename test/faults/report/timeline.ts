import type { AppendTimes } from '../judge/append-times.ts'

export interface Observed {
  /** Rate of the load, per second. */
  rate: number
  startedAt: number
  endedAt: number
  /** First acknowledgement of each checkout. */
  acks: { at: Float64Array; sinceDueMs: Float32Array }
  /** Each failed request, at its end. */
  refusedAt: Float64Array
  partitions: ReadonlyMap<number, AppendTimes>
}

/** State of the system in each second. */
export interface Timeline {
  acknowledged: Uint32Array
  refused: Uint32Array
  /** For records stored in a second: the longest wait for an outcome. */
  longestWaitMs: Float64Array
}

export function createTimeline({ startedAt, endedAt, acks, refusedAt, partitions }: Observed): Timeline {
  const seconds = Math.ceil((endedAt - startedAt) / 1000) + 1
  const timeline = {
    acknowledged: new Uint32Array(seconds),
    refused: new Uint32Array(seconds),
    longestWaitMs: new Float64Array(seconds),
  }
  const secondOf = (at: number) => Math.min(seconds - 1, Math.max(0, Math.floor((at - startedAt) / 1000)))
  for (const at of acks.at) increment(timeline.acknowledged, secondOf(at))
  for (const at of refusedAt) increment(timeline.refused, secondOf(at))
  for (const { outcomes, records } of partitions.values()) {
    for (const [i, stored] of records.entries()) {
      const second = secondOf(stored)
      const wait = (outcomes[i] ?? stored) - stored
      timeline.longestWaitMs[second] = Math.max(timeline.longestWaitMs[second] ?? 0, wait)
    }
  }
  return timeline
}

function increment(counts: Uint32Array, at: number) {
  counts[at] = (counts[at] ?? 0) + 1
}

const WELL_SECONDS = 2
const WELL_WAIT_MS = 3_000

/**
 * The first whole second from `from` on in which no request is refused and no record waits; undefined: never.
 */
export function wellAgainAt(
  { rate, startedAt }: Observed,
  timeline: Timeline,
  from: number,
): number | undefined {
  const isWell = (second: number) =>
    timeline.refused[second] === 0 &&
    (timeline.acknowledged[second] ?? 0) >= rate / 2 &&
    (timeline.longestWaitMs[second] ?? 0) < WELL_WAIT_MS
  for (
    let second = Math.ceil((from - startedAt) / 1000);
    second + WELL_SECONDS < timeline.refused.length;
    second++
  ) {
    if (Array.from({ length: WELL_SECONDS }, (_, i) => second + i).every(isWell))
      return startedAt + second * 1000
  }
  return undefined
}

/** The longest time without an event between `from` and `to`. */
export function longestSilenceMs(sortedAt: Float64Array, from: number, to: number): number {
  let before = from
  let longest = 0
  for (const at of sortedAt) {
    if (at < from) continue
    longest = Math.max(longest, Math.min(at, to) - before)
    if (at > to) return longest
    before = at
  }
  return Math.max(longest, to - before)
}

/**
 * The longest time, begun between `from` and `to`, in which a partition had waiting records and no outcome.
 */
export function longestStallMs(partitions: Observed['partitions'], from: number, to: number): number {
  let longest = 0
  for (const { outcomes, records } of partitions.values()) {
    for (const [i, at] of outcomes.entries()) {
      const since = Math.max(outcomes[i - 1] ?? 0, records[i] ?? at)
      // It may have begun slightly before: a killed process has done nothing for some milliseconds.
      if (at >= from && since <= to && since >= from - 1_000) longest = Math.max(longest, at - since)
    }
  }
  return longest
}
