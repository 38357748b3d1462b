import type { Logger } from 'pino'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'

/** A member of a consumer group, reading one topic. Its methods throw once it has stopped. */
export interface PartitionConsumer {
  /** Nothing more is fetched from the partition. What was fetched before is still handed over. */
  pause(partition: number): void
  resume(partition: number): void
  /** Reads on from there: a batch in hand is stale from now on. An offset out of range leads to the log's beginning. */
  seek(partition: number, offset: number): void
  /** Writes the group's offsets, by partition. */
  commitOffsets(offsets: ReadonlyMap<number, number>): Promise<void>
}

/** Offsets of records that were fetched from one partition. */
export interface BatchRange {
  partition: number
  /** At or after the offset that was sought, except after a stale fetch or where the log was recreated. */
  firstOffset: number
  /** Markers and aborted records at the end of the batch count, too. */
  lastOffset: number
}

/** At least one committed record of one partition, in the order of their offsets. */
export interface RecordBatch extends BatchRange {
  /** Keys and values may be views of a whole fetch response: code that keeps one copies it. */
  records: StoredRecord[]
  /** Where the partition ended when it was fetched from. */
  highWatermark: number
  /** False once the consumer stops: its group may give the partition to another member. */
  isRunning(): boolean
  /** True after a seek: the batch is not where the consumer reads on. */
  isStale(): boolean
  /** All up to this offset is done: the next batch begins after it. A batch that is not resolved comes again. */
  resolve(offset: number): void
  /**
   * Keeps the membership, also while the group's coordinator moves. When it rejects, the handler must reject with the same
   * error, so that the consumer joins its group again.
   */
  heartbeat(): Promise<void>
}

export interface ConsumerHandlers {
  /**
   * Called before anything is fetched, with the partitions that the group assigns to this member. It seeks: without that they
   * are read from the group's offsets.
   */
  onJoin: (consumer: PartitionConsumer, assigned: number[]) => void
  /** Called for several partitions at once, but only one batch of each at a time. */
  onBatch: (consumer: PartitionConsumer, batch: RecordBatch) => Promise<void>
  /** The position has moved past a batch of nothing but markers and aborted records. */
  onEmptyBatch?: (range: BatchRange) => void
  /** The consumer has stopped, by itself or by `stop`; another one may follow. */
  onEnd: () => void
}

/** Options of every consumer, for any client library. */
export interface ConsumerOptions extends ConsumerHandlers {
  topic: string
  /** Partitions that this process works with until it is told of more; those beyond them stay paused. */
  partitions: number
  /** Nothing is consumed before. */
  begin: Promise<void>
  refusals: ClientRefusals
  log: Logger
}

/** Consumes until it is stopped; a consumer that fails is replaced. */
export interface RunningConsumer {
  /** Undefined while there is none that can be used. */
  current(): PartitionConsumer | undefined
  /** When the group's coordinator last answered, by `performance.now()`. */
  lastHeard(): number
  /** This process works with more partitions: those that it was assigned already are handed over now, with all others. */
  grow: (partitions: number) => void
  /** Waits for the batches in hand, leaves the group, disconnects. */
  stop(): Promise<void>
}

/** Another broker coordinates the group now: the consumer joins again under the same identity. */
export class CoordinatorMovedError extends Error {
  override readonly name = 'CoordinatorMovedError'
  /** For kafkajs, which goes by the type: it handles this error as the same answer of a broker. */
  readonly type = 'NOT_COORDINATOR_FOR_GROUP'
}
