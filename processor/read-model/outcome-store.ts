import type { Page } from './merge-partitions.ts'
import type {
  ClaimRecord,
  CopiedLog,
  FoundOutcome,
  OutcomeFilter,
  OutcomeRecord,
  PartitionState,
  ServedRecord,
} from './record.ts'

/** The records that a batch of Notifications adds to one partition. */
export interface OutcomeBatch {
  records: OutcomeRecord[]
  /** Absent if there are none. */
  claims?: ClaimRecord[]
  next: number
  resume: number | undefined
  log: string
  /** Absent: it does not change. */
  copied?: CopiedLog | undefined
}

/**
 * Outcomes of Notifications by event, by customer and in order. Records are readable as soon as they are
 * appended.
 */
export interface OutcomeStore {
  /** Resolves when there is room for more: immediately, unless the file is far behind. */
  append(partition: number, batch: OutcomeBatch): Promise<void>

  /**
   * Matching outcomes from these offsets on, by partition. With fewer than `limit` and no `end`, continue
   * from `next`.
   */
  after(offsets: readonly number[], filter: OutcomeFilter, limit: number): Page

  /**
   * Matching outcomes before these offsets, by partition, newest first. With fewer than `limit` and no `end`,
   * continue with `next`.
   */
  before(offsets: readonly number[], filter: OutcomeFilter, limit: number): Page

  /** The outcome of an event. */
  find(eventId: string): FoundOutcome | undefined

  /**
   * Waits until everything before `offset` is appended; false if `signal` aborts first or the time is over.
   */
  reached(partition: number, offset: number, timeoutMs: number, signal: AbortSignal): Promise<boolean>

  partition(partition: number): Readonly<PartitionState>
  partitions(): readonly Readonly<PartitionState>[]
}

/**
 * Changes of the log that the outcomes come from: retention removes records, and a topic may be recreated.
 */
export interface LogChanges {
  /** The outcome at exactly this offset. */
  at(partition: number, offset: number): ServedRecord | undefined

  /** Everything before `first` is no longer in the log. */
  cut(partition: number, first: number): void

  /** The log of the partition was recreated: its previous content is invalid. */
  forget(partition: number): void

  /** Whether records of this log cannot belong to the log that was appended so far. */
  isAnotherLog(partition: number, log: string): boolean

  /**
   * How often the log of a partition was forgotten: offsets keep their meaning while this does not change.
   */
  logsForgotten(): number
}

/** For clients that wait for outcomes. */
export interface OutcomeWaits {
  /** Waits for the outcome of an event, up to `timeoutMs` or until one of `signals` aborts. */
  findWithin(eventId: string, timeoutMs: number, ...signals: AbortSignal[]): Promise<FoundOutcome | undefined>

  /** Whether a record was appended at or after one of these offsets. */
  hasBeyond(offsets: readonly number[]): boolean

  /**
   * Waits until a record is appended at or after one of these offsets, up to `timeoutMs`. With a `customer`,
   * waits for records of that customer; outcomes of others end the wait only after a while.
   */
  beyond(offsets: readonly number[], timeoutMs: number, signal: AbortSignal, customer?: string): Promise<void>
}

/** Who owned the partitions. */
export interface PartitionOwners {
  /** The claim of the owner at this offset of Notifications; undefined if it is not known (any more). */
  ownerAt(partition: number, offset: number): ClaimRecord | undefined
}

export interface ReadModel extends OutcomeStore, LogChanges, OutcomeWaits, PartitionOwners {
  /** Notifications has, or will have, so many partitions. */
  grow(partitions: number): void
  close(): Promise<void>
}
