import { recordBytes } from '../../backbone/kafka/record-bytes.ts'
import type { PartitionMessages } from './commit-transaction.ts'

type Messages = PartitionMessages['messages']

// Kafka refuses a batch over `max.message.bytes`, 1 MiB by default.
const MOST_BYTES = 700_000

/** Cuts what goes to one partition into batches that Kafka takes, in order; one that is larger by itself goes alone. */
export function messageBatches(topic: string, partition: number, messages: Messages): PartitionMessages[] {
  const batches: Messages[] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const message of messages) {
    const size = recordBytes(message)
    bytes += size
    if (bytes > MOST_BYTES) {
      batches.push([])
      bytes = size
    }
    batches.at(-1)?.push(message)
  }
  return batches.map((batch) => ({ topic, partition, messages: batch }))
}
