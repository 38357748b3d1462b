import { hash } from 'node:crypto'
import type { OutcomeKind } from '../../backbone/records/outcome.ts'

/** One outcome as it is served, with its JSON from Notifications. */
export interface ServedRecord {
  partition: number
  /** Offset in Notifications. */
  offset: number
  kind: OutcomeKind
  /** Milliseconds since the epoch. */
  classifiedAt: number
  /** Owner of the event. */
  owner: string
  /** UTF-8, never decoded between Kafka and the client. */
  json: Uint8Array
}

/** One outcome as it is followed, with all values that queries use. */
export interface OutcomeRecord extends ServedRecord {
  eventId: string
  /** Hash of the event id: see {@link hashOf}. */
  eventHash: number
  /** Empty if the record could not be read as a checkout. */
  customer: string
  /** Empty without a purchase. */
  folio: string
  /** Milliseconds since the epoch; undefined for a dead letter that was sent again, which was received before. */
  receivedAt: number | undefined
}

/** `notified`: all kinds whose customers get a message. */
export type KindFilter = 'all' | 'notified' | ReadonlySet<OutcomeKind>

/** The result of a look-up by event id, with its position in Notifications. */
export type FoundOutcome = Pick<OutcomeRecord, 'partition' | 'offset' | 'owner' | 'json'>

/** From this offset of Notifications on, a member owns the partition. */
export interface ClaimRecord {
  partition: number
  offset: number
  /** Another one after each start of the process. */
  memberId: string
  /** Undefined in the claims of earlier versions. */
  member: string | undefined
  /** Id of the Kafka cluster that it was made on; undefined in the claims of earlier versions. */
  cluster: string | undefined
  /** Milliseconds since the epoch. */
  at: number
}

/** Of a log with records that were copied from another Kafka cluster. */
export interface CopiedLog {
  /** From this offset on, the log has a name of this cluster. Undefined: no owner has claimed the copy yet. */
  since: number | undefined
  /** Names that the records have on the other cluster. Those at or after `since` came too late and do not count. */
  former: readonly string[]
}

/** State of one partition of Notifications in the read model. */
export interface PartitionState {
  /** Offset to follow from: all earlier records are in the read model. */
  next: number
  /** The first offset that the log still contains. */
  first: number
  /** Offset in DataTopic after the last record with an outcome; undefined if there is none. */
  resume: number | undefined
  /** Log id of the partition: see `log` in backbone/records/headers.ts; empty while unknown. */
  log: string
  /** Undefined: nothing was copied from another cluster. */
  copied?: CopiedLog | undefined
}

export const emptyPartition = (): PartitionState => ({
  next: 0,
  first: 0,
  resume: undefined,
  log: '',
  copied: undefined,
})

/** Whether an outcome at this offset was decided on another cluster: its `source` is a position there. */
export const isFromOtherCluster = ({ copied }: Pick<PartitionState, 'copied'>, offset: number): boolean =>
  copied !== undefined && offset < (copied.since ?? Number.POSITIVE_INFINITY)

/** Whether the log is a copy that no owner on this cluster has claimed yet. */
export const isUnclaimedCopy = ({ copied }: Pick<PartitionState, 'copied'>): boolean =>
  copied !== undefined && copied.since === undefined

export interface OutcomeFilter {
  kinds: KindFilter
  customer?: string
  owner?: string
  folio?: string
  /** `productovisto`, exactly. */
  product?: string
  /** Event ids. The conflicts of these events match, too. */
  events?: ReadonlySet<string>
  /** Those of `events` that may be in a partition; without it, all of them. */
  eventsIn?: (partition: number) => readonly string[]
  /** Bounds of `classifiedAt`, in milliseconds: at or after `since`, before `until`. */
  since?: number
  until?: number
}

// 2,048 partitions with 4 × 10^12 offsets each: together they fit into the integers that JavaScript and
// SQLite share.
const OFFSETS_PER_PARTITION = 2 ** 42

/** Partition and offset as one integer, so that the order of the table is the reading order. */
export const positionOf = (partition: number, offset: number): number =>
  partition * OFFSETS_PER_PARTITION + offset
export const partitionOf = (position: number): number => Math.floor(position / OFFSETS_PER_PARTITION)
export const offsetOf = (position: number): number => position % OFFSETS_PER_PARTITION

/** Replaces an id in an index, at half its size. The row itself resolves collisions. */
export function hashOf(id: string): number {
  return hash('sha1', id, 'buffer').readUIntBE(0, 6)
}
