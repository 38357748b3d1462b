import type { DeadLetter, DeadLetterReason } from '../../backbone/records/dead-letter.ts'

/** What names a dead letter and sorts it. */
export interface DeadLetterPlace {
  partition: number
  offset: number
  /** When it was written to the dead-letter topic, in milliseconds since the epoch. */
  at: number
}

/** A row of the file, without the bytes. */
export interface DeadLetterEntry extends DeadLetterPlace {
  /** Of its outcome, unless that id was taken. */
  id: string
  /** The same with the partition of its source: no other one has it. */
  fullId: string
  owner: string
  reason: DeadLetterReason
  /** The header `reason`; empty if there is none. */
  detail: string
  /** Bytes of the value. */
  size: number
  facts: DeadLetterFacts
}

/** As it is listed. */
export interface ListedDeadLetter extends DeadLetterEntry {
  /** Whether another one has the same `id`: both are listed with their full ids. */
  isShared: boolean
}

export interface DeadLetterRow extends DeadLetterEntry {
  key: Uint8Array | null
  value: Uint8Array | null
}

/** What is read from a record once, when it is stored. */
export type DeadLetterFacts = Pick<DeadLetter, 'source' | 'receivedAt' | 'faults' | 'redrive' | 'traceparent'>
