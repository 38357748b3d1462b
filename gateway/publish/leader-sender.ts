import { ProblemError } from '../../backbone/problem.ts'
import type { LayoutLease, SentLayout } from './layout-lease.ts'
import { type KeepProducerOptions, keepProducer } from './producer-lifecycle.ts'
import { createRequestSender, type Entry, type PublishMetrics } from './send-request.ts'

export interface SendOptions extends KeepProducerOptions {
  topic: string
  timeoutMs: number
  lease: LayoutLease
  metrics: PublishMetrics
}

interface LeaderSenderOptions extends SendOptions {
  /** Removes from the queue as many records for this leader as fit, but at least one if there is any, and places them. */
  take: (layout: SentLayout, mostRecords: number, mostBytes: number) => Entry[]
  /** Whether a record is for this leader under that layout, by which it is placed. */
  isOwn: (entry: Entry, layout: SentLayout) => boolean
}

/** In one request to Kafka. */
export const MOST_RECORDS = 1_000
// Kafka takes batches of 1 MiB by default. All partitions' batches of a request together stay below it.
const MOST_BYTES = 900 * 1024
const FAILURE_COUNTS_MS = 10_000

/**
 * Stores the records for one leader in Kafka with one request in flight; the next one takes all of them that wait. A producer
 * whose send failed or took too long is never used again: the records of that send may be stored or not, and are answered as
 * not confirmed. A request of one batch that Kafka finds too large is certainly not stored: it is divided and sent again.
 */
export function createLeaderSender({ take, isOwn, ...options }: LeaderSenderOptions) {
  const { lease } = options
  const producers = keepProducer(options)
  const sender = createRequestSender({ ...options, discard: (...failed) => producers.discard(...failed) })
  let isSending = false
  /** That of the layout whose partitions the producer knows. */
  let knownVersion = lease.current().version

  /** The others are not confirmed: later records of the same customer could be stored first, through their new leader. */
  function keepOwn(taken: Entry[], layout: SentLayout): Entry[] {
    const { own = [], others = [] } = Object.groupBy(taken, (entry) =>
      isOwn(entry, layout) ? 'own' : 'others',
    )
    for (const { settle } of others) settle(new ProblemError('kafka-unavailable'))
    return own
  }

  async function sendUntilEmpty(): Promise<void> {
    isSending = true
    let taken: Entry[] = []
    for (;;) {
      const producer = await producers.get()
      if (producer === undefined) break
      const layout = await lease.acquire()
      if (layout.version !== knownVersion) {
        knownVersion = layout.version
        taken = keepOwn(taken, layout)
        producers.renew(producer)
        continue
      }
      if (taken.length === 0) taken = take(layout, MOST_RECORDS, MOST_BYTES)
      if (taken.length === 0) break
      taken = await sender.send(producer, taken, layout.version)
    }
    isSending = false
  }

  return {
    /** Sends all that waits, if it is not sending already. */
    send(): void {
      if (!isSending) void sendUntilEmpty()
    },
    /** Why a record that arrived now would not be stored, as far as this leader is concerned. */
    fault(): string | undefined {
      const failure = sender.failure()
      if (!producers.isConnected())
        return failure ? `publishing failed: ${failure.text}` : 'Kafka does not answer'
      // Without traffic nothing else would show that the failure is over.
      if (failure && performance.now() - failure.at < FAILURE_COUNTS_MS)
        return `publishing failed: ${failure.text}`
      return undefined
    },
    close: () => producers.close(),
  }
}

export type LeaderSender = ReturnType<typeof createLeaderSender>
