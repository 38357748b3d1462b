import { recordBytes } from '../../backbone/kafka/record-bytes.ts'
import type { CheckoutRecord, Stored } from './checkout-record.ts'
import { createLeaderSender, type LeaderSender, type SendOptions } from './leader-sender.ts'
import { createPublishQueue } from './publish-queue.ts'
import type { Entry } from './send-request.ts'

interface PublisherOptions extends SendOptions {
  /** The preferred leader of each partition, by number. Nothing is sent before they are known. */
  leaders: Promise<readonly number[]>
  maxWaiting: number
  maxWaitingBytes: number
}

/**
 * Stores records in Kafka, from one queue. Each leader has a producer of its own, so that no record waits for the answer of
 * another leader. A partition never changes its producer, even if another broker leads it for some time.
 */
export function createPublisher(options: PublisherOptions) {
  const { leaders, maxWaiting, maxWaitingBytes, timeoutMs } = options
  const queue = createPublishQueue<CheckoutRecord, Stored>({
    maxRecords: maxWaiting,
    maxBytes: maxWaitingBytes,
    timeoutMs,
  })
  const senders = new Map<number | undefined, LeaderSender>()
  let byPartition: readonly number[] = []
  // Partitions that were added later go with the first one.
  const leaderOf = (partition: number) => byPartition[partition] ?? byPartition[0]
  let isClosed = false

  async function startSenders(): Promise<void> {
    byPartition = await leaders
    if (isClosed) return
    const all = new Set(byPartition)
    for (const leader of all) {
      const isOwn = all.size === 1 ? undefined : ({ item }: Entry) => leaderOf(item.partition) === leader
      const take = (records: number, bytes: number) => queue.take(records, bytes, isOwn)
      senders.set(leader, createLeaderSender({ ...options, take }))
    }
    for (const sender of senders.values()) sender.send()
  }
  void startSenders()

  return {
    /** Resolves when the record is stored. Rejects with the problem to answer with. */
    publish: async (record: CheckoutRecord): Promise<Stored> => {
      const { lane, since, isDisconnected } = record
      const stored = queue.add(record, { lane, since, isDisconnected, bytes: recordBytes(record) })
      senders.get(leaderOf(record.partition))?.send()
      return stored
    },
    /** Throws `overloaded` when a purchase whose client has been trying since then would have no room. */
    checkRoom: (since: number) => queue.checkRoom(since),
    /** Number of records that wait to be sent. */
    waiting: () => queue.size(),
    /** Records without an answer of Kafka, sent or not, and how long the oldest has waited. */
    unanswered: () => ({ checkouts: queue.unanswered(), oldestMs: Math.round(queue.longestWaitMs()) }),
    /** Why a checkout that arrived now might not be stored in time, or undefined when it would. */
    fault(): string | undefined {
      if (senders.size === 0) return 'Kafka does not answer'
      const faults = [...senders.values()].flatMap((sender) => sender.fault() ?? [])
      return (
        faults[0] ?? (queue.longestWaitMs() < timeoutMs / 2 ? undefined : 'Kafka does not answer in time')
      )
    },
    /** Resolves when all that waits has been answered. Afterwards nothing is sent. */
    close: async (): Promise<void> => {
      await queue.settled()
      isClosed = true
      await Promise.all([...senders.values()].map((sender) => sender.close()))
    },
  }
}

export type Publisher = ReturnType<typeof createPublisher>
