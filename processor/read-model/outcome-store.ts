import type { Page } from './merge-partitions.ts'
import type { FoundOutcome, OutcomeFilter, OutcomeRecord, PartitionState, ServedRecord } from './record.ts'

/** What a batch of Notifications adds to one partition. */
export interface OutcomeBatch {
  records: OutcomeRecord[]
  next: number
  resume: number | undefined
  log: string
}

/** Outcomes of Notifications by event, by customer and in order. Records are seen as soon as they are appended. */
export interface OutcomeStore {
  /** Resolves when there is room for more: at once, unless the file is far behind. */
  append(partition: number, batch: OutcomeBatch): Promise<void>

  /** Matching outcomes from these offsets on, by partition. Short of `limit` without being at the `end`: ask again from `next`. */
  after(offsets: readonly number[], filter: OutcomeFilter, limit: number): Page

  /** An event's outcome. */
  find(eventId: string): FoundOutcome | undefined

  /** Waits until everything before `offset` was appended; false when `signal` aborted first or time ran out. */
  reached(partition: number, offset: number, timeoutMs: number, signal: AbortSignal): Promise<boolean>

  partition(partition: number): Readonly<PartitionState>
  partitions(): readonly Readonly<PartitionState>[]
}

/** What becomes of the log that the outcomes come from: retention cuts it, and a topic may be recreated. */
export interface LogChanges {
  /** The outcome at this very offset. */
  at(partition: number, offset: number): ServedRecord | undefined

  /** Everything before `first` is no longer in the log. */
  cut(partition: number, first: number): void

  /** The partition's log was recreated: nothing that is known of it holds any more. */
  forget(partition: number): void

  /** Whether records of this log cannot be part of the one that was appended so far. */
  isAnotherLog(partition: number, log: string): boolean

  /** How often a partition's log was forgotten: offsets mean the same for as long as this stays the same. */
  logsForgotten(): number
}

/** For clients that wait for outcomes. */
export interface OutcomeWaits {
  /** Waits for an event's outcome, up to `timeoutMs` or until one of `signals` aborts. */
  findWithin(eventId: string, timeoutMs: number, ...signals: AbortSignal[]): Promise<FoundOutcome | undefined>

  /** Whether anything was appended at or after one of these offsets. */
  hasBeyond(offsets: readonly number[]): boolean

  /**
   * Waits until something is appended at or after one of these offsets, up to `timeoutMs`. With a `customer`, until it may
   * be that customer's: outcomes of other customers end the wait only after a while.
   */
  beyond(offsets: readonly number[], timeoutMs: number, signal: AbortSignal, customer?: string): Promise<void>
}

export interface ReadModel extends OutcomeStore, LogChanges, OutcomeWaits {
  close(): Promise<void>
}
