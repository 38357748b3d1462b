import type { ArrivalSchedule } from './schedule.ts'

/** A replay at the times of its recording. */
export interface RecordedPace {
  /** Due time of each line of the file, in milliseconds since the start of the recording; in any order. */
  timesMs: Float64Array
  /** 2 is twice as fast. */
  speed: number
}

const SECOND_MS = 1_000

/** Iteration n is due at the recorded time of line n, divided by the speed, independent of the target. */
export function createRecordedSchedule({ timesMs, speed }: RecordedPace): ArrivalSchedule {
  let sorted: Float64Array | undefined
  /** Number of iterations due before this time of the run. */
  const dueBefore = (ms: number) => {
    sorted ??= timesMs.toSorted()
    return firstFrom(sorted, ms * speed)
  }
  return {
    due(iteration) {
      const time = timesMs[iteration]
      return time === undefined ? undefined : { atMs: time / speed, stage: 0 }
    },
    rateAt: (ms) => dueBefore(ms + SECOND_MS / 2) - dueBefore(ms - SECOND_MS / 2),
  }
}

/** The numbers of some iterations, in due order. */
export const inRecordedOrder = ({ timesMs }: RecordedPace, iterations: Iterable<number>): number[] =>
  [...iterations].toSorted((a, b) => (timesMs[a] ?? 0) - (timesMs[b] ?? 0))

export const recordedLengthMs = ({ timesMs, speed }: RecordedPace): number =>
  timesMs.reduce((latest, time) => Math.max(latest, time), 0) / speed

/** The most iterations due within a second. */
export function peakRecordedRate({ timesMs, speed }: RecordedPace): number {
  const sorted = timesMs.toSorted()
  let first = 0
  return sorted.reduce((most, time, index) => {
    while (time - (sorted[first] ?? time) >= SECOND_MS * speed) first++
    return Math.max(most, index - first + 1)
  }, 0)
}

/** The index of the first time at or after this one. */
function firstFrom(sorted: Float64Array, time: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < time) low = middle + 1
    else high = middle
  }
  return low
}
