import type { Cursor } from './cursor.ts'
import type { PartitionState } from './view-record.ts'

/** What a cursor asks for and the log no longer has. Offsets count claims and markers too, so it bounds what is missing. */
export interface Gap {
  partition: number
  from: number
  to: number
}

type Partitions = readonly Readonly<PartitionState>[]

/** The place from which a cursor goes on, and what is missing before it. A partition it does not know starts at 0. */
export function resumeCursor(
  { next, logs }: Cursor,
  partitions: Partitions,
): { next: number[]; gaps: Gap[] } {
  const gaps: Gap[] = []
  const resumed = partitions.map(({ first, log }, partition) => {
    const from = next[partition] ?? 0
    const cursorLog = logs[partition] ?? ''
    const madeAnew = cursorLog !== '' && log !== '' && cursorLog !== log
    if (!madeAnew && from >= first) return from
    gaps.push({ partition, from, to: first })
    return first
  })
  return { next: resumed, gaps }
}

/** Everything that is kept. */
export const earliest = (partitions: Partitions): number[] => partitions.map(({ first }) => first)

/** Nothing but what comes from now on. */
export const latest = (partitions: Partitions): number[] => partitions.map(({ next }) => next)

/** The cursor of a place that was reached in this view. */
export const cursorAt = (next: number[], partitions: Partitions): Cursor => ({
  next,
  logs: partitions.map(({ log }) => log),
})
