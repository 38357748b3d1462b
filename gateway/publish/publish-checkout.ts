import type { Logger } from 'pino'
import { recordBytes } from '../../backbone/kafka/record-bytes.ts'
import type { CheckoutRecord, PlacedRecord, Stored } from './checkout-record.ts'
import type { LayoutLease } from './layout-lease.ts'
import { type KeepProducerOptions, keepProducer } from './producer-lifecycle.ts'
import { createPublishQueue } from './publish-queue.ts'
import { createRequestSender, type Entry, type PublishMetrics } from './send-request.ts'

interface PublisherOptions extends KeepProducerOptions {
  topic: string
  maxWaiting: number
  maxWaitingBytes: number
  timeoutMs: number
  lease: LayoutLease
  metrics: PublishMetrics
  log: Logger
}

/** In one request to Kafka. */
export const MOST_RECORDS = 1_000
// Kafka takes batches of 1 MiB by default. All partitions' batches of a request together stay below it.
const MOST_BYTES = 900 * 1024
const FAILURE_COUNTS_MS = 10_000
const NOT_PLACED = -1

/**
 * Stores records in Kafka with one request in flight; the next one takes all that waits. A producer whose send failed
 * or took too long is never used again: the records of that send may be stored or not, and are answered as not confirmed.
 * A request of one batch that Kafka finds too large is certainly not stored: it is divided and sent again.
 */
export function createPublisher(options: PublisherOptions) {
  const { topic, maxWaiting, maxWaitingBytes, timeoutMs, lease, metrics, log } = options
  const queue = createPublishQueue<PlacedRecord, Stored>({
    maxRecords: maxWaiting,
    maxBytes: maxWaitingBytes,
    timeoutMs,
    clock: lease.clock,
  })
  const producers = keepProducer(options)
  const sender = createRequestSender({
    topic,
    timeoutMs,
    lease,
    metrics,
    discard: (...failed) => producers.discard(...failed),
    log,
  })
  let sending = false
  /** That of the layout whose partitions the producer knows. */
  let knownVersion: number | undefined
  /** Whether checkouts still wait that a change has held up. */
  let hasHeld = false

  async function sendWhatWaits(): Promise<void> {
    sending = true
    let taken: Entry[] = []
    while (taken.length > 0 || !queue.isEmpty()) {
      const producer = await producers.get()
      if (producer === undefined) break
      const { version, partitions } = await lease.acquire()
      if (version !== (knownVersion ??= version)) {
        knownVersion = version
        hasHeld = true
        producers.renew(producer)
        continue
      }
      if (taken.length === 0) taken = queue.take(MOST_RECORDS, MOST_BYTES)
      for (const { item } of taken) item.partition = item.partitionAmong(partitions)
      if (taken.length > 0) taken = await sender.send(producer, taken, version)
      if (taken.length + queue.size() < MOST_RECORDS / 2) hasHeld = false
    }
    sending = false
  }

  return {
    /** Resolves when the record is stored. Rejects with the problem to answer with. */
    publish: async (record: CheckoutRecord): Promise<Stored> => {
      const { lane, since, isDisconnected } = record
      const placed = Object.assign(record, { partition: NOT_PLACED })
      const stored = queue.add(placed, { lane, since, isDisconnected, bytes: recordBytes(record) })
      if (!sending) void sendWhatWaits()
      return stored
    },
    /** Throws `overloaded` when a purchase whose client has been trying since then would have no room. */
    checkRoom: (since: number) => queue.checkRoom(since),
    /** Whether more checkouts wait than usual, because of a change of the layout. */
    isHeld: () => hasHeld || lease.isHeld(),
    /** Number of records that wait to be sent. */
    waiting: () => queue.size(),
    /** Records without an answer of Kafka, sent or not, and how long the oldest has waited. */
    unanswered: () => ({ checkouts: queue.unanswered(), oldestMs: Math.round(queue.longestWaitMs()) }),
    /** Why a checkout that arrived now would not be stored in time, or undefined when it would. */
    fault(): string | undefined {
      const failure = sender.failure()
      if (!producers.isConnected())
        return failure ? `publishing failed: ${failure.text}` : 'Kafka does not answer'
      // Without traffic nothing else would show that the failure is over.
      if (failure && performance.now() - failure.at < FAILURE_COUNTS_MS)
        return `publishing failed: ${failure.text}`
      if (queue.longestWaitMs() < timeoutMs / 2) return undefined
      return lease.isHeld() ? 'Checkouts wait for a change of the layout' : 'Kafka does not answer in time'
    },
    /** Resolves when all that waits has been answered. Afterwards nothing is sent. */
    close: async (): Promise<void> => {
      await queue.settled()
      await producers.close()
    },
  }
}

export type Publisher = ReturnType<typeof createPublisher>
