import { recordBytes, type SentRecord } from '../../backbone/kafka/record-bytes.ts'

// Kafka refuses a batch over `max.message.bytes`, 1 MiB by default.
const MOST_BYTES = 700_000

/** Splits records for one partition into batches that Kafka accepts, in order; a record that is larger has its own batch. */
export function splitBySize<Sent extends SentRecord>(records: readonly Sent[]): Sent[][] {
  const batches: Sent[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const record of records) {
    const size = recordBytes(record)
    bytes += size
    if (bytes > MOST_BYTES) {
      batches.push([])
      bytes = size
    }
    batches.at(-1)?.push(record)
  }
  return batches
}
