import type { PartitionState } from '../read-model/record.ts'
import type { Cursor } from './cursor.ts'

/** What a cursor asks for and the log no longer has. Offsets count claims and markers too, so it bounds what is missing. */
export interface Gap {
  partition: number
  from: number
  to: number
}

type Partitions = readonly Readonly<PartitionState>[]

/**
 * The place from which a cursor goes on, and what is missing before it. A partition it does not know starts at 0; one that
 * only it knows it keeps, for an instance that started after the topic grew.
 */
export function resumeCursor({ next, logs }: Cursor, partitions: Partitions): Cursor & { gaps: Gap[] } {
  const gaps: Gap[] = []
  const resumed = partitions.map(({ first, log }, partition) => {
    const from = next[partition] ?? 0
    const cursorLog = logs[partition] ?? ''
    const madeAnew = cursorLog !== '' && log !== '' && cursorLog !== log
    if (!madeAnew && from >= first) return from
    gaps.push({ partition, from, to: first })
    return first
  })
  // A log that was made anew is unknown until something is in it; until then the offset is still one of the old log's.
  const known = partitions.length
  return {
    next: [...resumed, ...next.slice(known)],
    logs: [...partitions.map(({ log }, p) => log || (logs[p] ?? '')), ...logs.slice(known, next.length)],
    gaps,
  }
}

/** From here on comes everything that is kept. */
export const earliest = (partitions: Partitions): Cursor => ({
  next: partitions.map(({ first }) => first),
  logs: partitions.map(({ log }) => log),
})

/** From here on comes nothing but what is new. */
export const latest = (partitions: Partitions): Cursor => ({
  next: partitions.map(({ next }) => next),
  logs: partitions.map(({ log }) => log),
})
