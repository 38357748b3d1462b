/** A record to write to a given partition. */
export interface OutgoingRecord {
  partition: number
  key: string
  value: string
  headers: Record<string, string>
}

/** Kafka rejected a batch of the request as too large: see `send`. */
export class BatchTooLargeError extends Error {
  override readonly name = 'BatchTooLargeError'

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/**
 * Writes records to one topic, idempotently and acknowledged by all in-sync replicas. Where Kafka refused a right, `connect`
 * and `send` reject with Kafka's name of the error as `type`, on the error or on one that it wraps.
 */
export interface RecordProducer {
  /** The caller may try again, with another producer. */
  connect(): Promise<void>
  /**
   * Sends one record batch for each partition, its records in their order; only one call at a time. Resolves with the
   * offset of each partition's first record when all are stored.
   *
   * Rejects with {@link BatchTooLargeError} when a batch was too large. If it was the only one, nothing is stored, and the
   * producer can be used as before; of several batches others may be stored. With any other error the outcome is unknown:
   * the records may be stored, or may yet be. Then the producer must not send again.
   */
  send(records: readonly OutgoingRecord[]): Promise<ReadonlyMap<number, number>>
  /** Waits for a `send` that is in progress. Afterwards nothing more is stored. */
  disconnect(): Promise<void>
}

/** Makes the producers of one topic. */
export interface RecordProducers {
  createProducer: () => RecordProducer
  /**
   * Rejects when Kafka would not let this process write to the topic, with Kafka's name of the error as `type`. Resolves in
   * every other case. Writes nothing.
   */
  assertWritable: () => Promise<void>
}
