import type { Consumer, ConsumerEndBatchProcessEvent, EachBatchPayload } from 'kafkajs'
import type { BatchRange, PartitionConsumer, RecordBatch } from './partition-consumer.ts'

/** kafkajs represents offsets as decimal digits. */
export function createPartitionConsumer(consumer: Consumer, topic: string): PartitionConsumer {
  return {
    pause: (partition) => consumer.pause([{ topic, partitions: [partition] }]),
    resume: (partition) => consumer.resume([{ topic, partitions: [partition] }]),
    seek: (partition, offset) => consumer.seek({ topic, partition, offset: String(offset) }),
    commitOffsets: (offsets) =>
      consumer.commitOffsets(
        Array.from(offsets, ([partition, offset]) => ({ topic, partition, offset: String(offset) })),
      ),
  }
}

export function toRecordBatch(payload: EachBatchPayload, heartbeat: () => Promise<void>): RecordBatch {
  const { batch } = payload
  return {
    partition: batch.partition,
    records: batch.messages,
    firstOffset: Number(batch.firstOffset()),
    lastOffset: Number(batch.lastOffset()),
    highWatermark: Number(batch.highWatermark),
    isRunning: () => payload.isRunning(),
    isStale: () => payload.isStale(),
    resolve: (offset) => payload.resolveOffset(String(offset)),
    heartbeat,
  }
}

/**
 * kafkajs gives no batch of only markers and aborted records to its handler, but reports it afterwards. Undefined for every
 * other batch.
 */
export function emptyBatchRange({
  payload: { partition, firstOffset, lastOffset, batchSize },
}: ConsumerEndBatchProcessEvent): BatchRange | undefined {
  if (batchSize > 0 || firstOffset === null) return undefined
  return { partition, firstOffset: Number(firstOffset), lastOffset: Number(lastOffset) }
}
