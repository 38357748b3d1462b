import type { PartitionMessages } from './commit-transaction.ts'

type Messages = PartitionMessages['messages']

// Kafka refuses a batch over `max.message.bytes`, 1 MiB by default; what frames a record comes on top of its bytes.
const MOST_BYTES = 700_000
const FRAMING_BYTES = 100

/** Cuts what goes to one partition into batches that Kafka takes, in order; one that is larger by itself goes alone. */
export function messageBatches(topic: string, partition: number, messages: Messages): PartitionMessages[] {
  const batches: Messages[] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const message of messages) {
    const size = sizeOf(message)
    bytes += size
    if (bytes > MOST_BYTES) {
      batches.push([])
      bytes = size
    }
    batches.at(-1)?.push(message)
  }
  return batches.map((batch) => ({ topic, partition, messages: batch }))
}

function sizeOf({ key, value, headers }: Messages[number]): number {
  const parts = [key, value, ...Object.entries(headers).flat(2)]
  return parts.reduce<number>((sum, part) => sum + Buffer.byteLength(part ?? ''), FRAMING_BYTES)
}
