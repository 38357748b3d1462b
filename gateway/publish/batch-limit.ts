import { BATCH_OVERHEAD_BYTES } from '../../backbone/kafka/record-bytes.ts'

interface Sized {
  bytes: number
  item: { partition: number }
}

/** One request to Kafka: a record batch for each partition. */
export interface PublishRequest<Entry> {
  entries: Entry[]
  batches: number
  /** Of its largest batch. */
  bytes: number
}

// A topic with a lower limit could not hold a checkout.
const ALWAYS_TAKEN_BYTES = 16 * 1024
// The limit may be raised at any time.
const REFUSAL_KNOWN_MS = 60_000

/**
 * Divides records into requests whose batches Kafka takes. How large a batch may be (`max.message.bytes` of the topic)
 * a gateway cannot ask without further rights, so it learns: a batch larger than any that was taken goes in a request of
 * its own. When that is refused, nothing of it is stored, and it can be sent again in parts. Of a refused request with
 * several batches some may be stored: see record-producer.ts.
 */
export function createBatchLimit<Entry extends Sized>(now = () => performance.now()) {
  let taken = ALWAYS_TAKEN_BYTES
  let refused = Number.POSITIVE_INFINITY
  let refusedAt = Number.NEGATIVE_INFINITY

  function mostBytes(): number {
    if (now() - refusedAt > REFUSAL_KNOWN_MS) refused = Number.POSITIVE_INFINITY
    return Math.max(taken, Math.floor(refused / 2))
  }

  return {
    /** The request to send next; records of one partition stay in their order. */
    next(entries: readonly Entry[]): PublishRequest<Entry> {
      const most = mostBytes()
      const partitions = Map.groupBy(entries, ({ item }) => item.partition)
      const batches = [...partitions.values()].map((ofPartition) => firstBatch(ofPartition, most))
      const largest = batches.reduce((a, b) => (b.bytes > a.bytes ? b : a))
      if (largest.bytes > taken) return { ...largest, batches: 1 }
      return {
        entries: batches.flatMap((batch) => batch.entries),
        batches: batches.length,
        bytes: largest.bytes,
      }
    },

    take({ bytes }: PublishRequest<Entry>): void {
      taken = Math.max(taken, bytes)
    },

    refuse({ bytes, batches }: PublishRequest<Entry>): void {
      // The limit was lowered since.
      if (bytes <= taken) taken = 0
      if (batches > 1) return
      refused = bytes
      refusedAt = now()
    },
  }
}

/** As many of the first records as fit; a record that is too large by itself is alone. */
function firstBatch<Entry extends Sized>(entries: readonly Entry[], most: number) {
  let bytes = BATCH_OVERHEAD_BYTES
  const rest = entries.findIndex((entry, index) => {
    if (index > 0 && bytes + entry.bytes > most) return true
    bytes += entry.bytes
    return false
  })
  return { entries: rest === -1 ? [...entries] : entries.slice(0, rest), bytes }
}
