import { hash } from 'node:crypto'
import type { OutcomeKind } from '../../backbone/records/outcome.ts'

/** One outcome as it is served: its JSON is what stands in Notifications. */
export interface ServedRecord {
  partition: number
  /** In Notifications. */
  offset: number
  kind: OutcomeKind
  /** Milliseconds since the epoch. */
  classifiedAt: number
  /** UTF-8, as it was read and as it is served: never decoded on the way. */
  json: Uint8Array
}

/** One outcome as it is followed, with all that is asked for by. */
export interface OutcomeRecord extends ServedRecord {
  eventId: string
  /** Of the event id: see {@link hashOf}. */
  eventHash: number
  /** Empty when the record could not be read as a checkout. */
  customer: string
  /** Whose event it is. */
  owner: string
}

/** An outcome that was asked for by its event. */
export type FoundOutcome = Pick<OutcomeRecord, 'owner' | 'json'>

/** What the read model knows of one partition of Notifications. */
export interface PartitionState {
  /** Offset from which it follows on: all before is in the read model. */
  next: number
  /** The first offset that the log still keeps. */
  first: number
  /** Offset in DataTopic after the last record that has an outcome; undefined while there is none. */
  resume: number | undefined
  /** Which log this is: see `log` in backbone/records/headers.ts; empty while unknown. */
  log: string
}

export const emptyPartition = (): PartitionState => ({ next: 0, first: 0, resume: undefined, log: '' })

export interface OutcomeFilter {
  kinds: ReadonlySet<OutcomeKind>
  customer?: string
  owner?: string
  /** Bounds of `classifiedAt`, in milliseconds: from `since` on, before `until`. */
  since?: number
  until?: number
}

function inPeriod({ classifiedAt }: ServedRecord, { since, until }: OutcomeFilter): boolean {
  return (since === undefined || classifiedAt >= since) && (until === undefined || classifiedAt < until)
}

export function matches(record: OutcomeRecord, filter: OutcomeFilter): boolean {
  return (
    filter.kinds.has(record.kind) &&
    (filter.customer === undefined || record.customer === filter.customer) &&
    (filter.owner === undefined || record.owner === filter.owner) &&
    inPeriod(record, filter)
  )
}

// 2,048 partitions of 4 × 10^12 offsets each: together they fit the integers that JavaScript and SQLite share.
const OFFSETS_PER_PARTITION = 2 ** 42

/** Partition and offset as one integer, so that the table's own order is the order of reading. */
export const positionOf = (partition: number, offset: number): number =>
  partition * OFFSETS_PER_PARTITION + offset
export const partitionOf = (position: number): number => Math.floor(position / OFFSETS_PER_PARTITION)
export const offsetOf = (position: number): number => position % OFFSETS_PER_PARTITION

/** Stands for an id in an index, at half the id's size; the row itself settles a collision. */
export function hashOf(id: string): number {
  return hash('sha1', id, 'buffer').readUIntBE(0, 6)
}
