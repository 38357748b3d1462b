import type { SentRecord } from '../../backbone/kafka/record-bytes.ts'

/** Records for one partition. */
export interface PartitionRecords {
  topic: string
  partition: number
  records: SentRecord[]
}

/** Readers of committed records see all of it or nothing. */
export interface OutcomeTransaction {
  /** Resolves with the offset of each record, in their order. Each partition is given once; only one call at a time. */
  send(partitions: readonly PartitionRecords[]): Promise<number[]>
  /** When it rejects, the outcome of the transaction is unknown. */
  commit(): Promise<void>
}

/**
 * Writes transactions under one transactional id. After an error it must be disconnected: the next producer of the id
 * aborts what it left open.
 */
export interface TransactionalProducer {
  connect(): Promise<void>
  /** The first transaction fences every earlier producer of the same transactional id, and aborts its open transaction. */
  begin(): Promise<OutcomeTransaction>
  disconnect(): Promise<void>
}

/** A later producer has the same transactional id: this one can write nothing any more. */
export class ProducerFencedError extends Error {
  override readonly name = 'ProducerFencedError'
}

/** Kafka did not confirm that all records of a transaction are stored. */
export class UnconfirmedError extends Error {
  override readonly name = 'UnconfirmedError'
}
