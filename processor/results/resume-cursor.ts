import { emptyPartition, type PartitionState } from '../read-model/record.ts'
import type { Cursor, DescendingCursor } from './cursor.ts'

/**
 * A range that the log no longer contains. Offsets include claims and markers, so it is an
 * upper bound.
 */
export interface Gap {
  partition: number
  from: number
  to: number
}

type Partitions = readonly Readonly<PartitionState>[]

/**
 * The position to continue from, and the gaps before it. A partition that is new to the cursor starts at 0. A
 * partition that only the cursor knows is kept, for an instance that started after the topic grew.
 */
export function resumeCursor({ next, logs }: Cursor, partitions: Partitions): Cursor & { gaps: Gap[] } {
  const gaps: Gap[] = []
  const resumed = partitions.map((state, partition) => {
    const { first } = state
    const from = next[partition] ?? 0
    if (!isOfAnotherLog(from, logs[partition] ?? '', state) && from >= first) return from
    gaps.push({ partition, from, to: first })
    return first
  })
  // The id of a recreated log is unknown until the log has a record; until then the offset belongs to the
  // previous log.
  const known = partitions.length
  return {
    next: [...resumed, ...next.slice(known)],
    logs: [...partitions.map(({ log }, p) => log || (logs[p] ?? '')), ...logs.slice(known, next.length)],
    gaps,
  }
}

/** Without a name, a cursor may be of the other cluster that the log was copied from. */
const isOfAnotherLog = (offset: number, cursorLog: string, { log, copied }: Partitions[number]): boolean =>
  log !== '' && (cursorLog === '' ? copied !== undefined && offset > 0 : cursorLog !== log)

/** The position before all records that are kept. */
export const earliest = (partitions: Partitions): Cursor => ({
  next: partitions.map(({ first }) => first),
  logs: partitions.map(({ log }) => log),
})

/** The position after all existing records. */
export const latest = (partitions: Partitions): Cursor => ({
  next: partitions.map(({ next }) => next),
  logs: partitions.map(({ log }) => log),
})

/**
 * The position to continue from towards older outcomes, and the gaps: what retention removed since the first
 * page, and logs that were recreated. A partition that is new to the cursor had no outcomes at the first page.
 */
export function resumeDescending(
  { before, first, logs }: DescendingCursor,
  partitions: Partitions,
): DescendingCursor & { gaps: Gap[] } {
  const gaps: Gap[] = []
  const resumed = before.map((end, partition) => {
    const from = first[partition] ?? 0
    const state = partitions[partition] ?? emptyPartition()
    const { first: kept } = state
    const isRecreated = isOfAnotherLog(end, logs[partition] ?? '', state)
    if (!isRecreated && kept <= from) return { before: end, first: from }
    if (from < end) gaps.push({ partition, from, to: isRecreated ? end : Math.min(kept, end) })
    return isRecreated ? { before: kept, first: kept } : { before: end, first: kept }
  })
  return {
    before: resumed.map((position) => position.before),
    first: resumed.map((position) => position.first),
    logs: logs.map((log, partition) => partitions[partition]?.log || log),
    gaps,
  }
}

/** The position of a reader from the newest existing outcome to the oldest. */
export const newest = (partitions: Partitions): DescendingCursor => ({
  before: partitions.map(({ next }) => next),
  first: partitions.map(({ first }) => first),
  logs: partitions.map(({ log }) => log),
})
