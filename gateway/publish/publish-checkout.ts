import { recordBytes } from '../../backbone/kafka/record-bytes.ts'
import { type CheckoutRecord, type PlacedRecord, placeAmong, type Stored } from './checkout-record.ts'
import type { SentLayout } from './layout-lease.ts'
import { createLeaderSender, type LeaderSender, MOST_RECORDS, type SendOptions } from './leader-sender.ts'
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
  const { leaders, lease, maxWaiting, maxWaitingBytes, timeoutMs } = options
  const queue = createPublishQueue<PlacedRecord, Stored>({
    maxRecords: maxWaiting,
    maxBytes: maxWaitingBytes,
    timeoutMs,
    clock: lease.clock,
  })
  const senders = new Map<number | undefined, LeaderSender>()
  let byPartition: readonly number[] = []
  // Partitions that were added later go with the first one.
  const leaderOf = (partition: number) => byPartition[partition] ?? byPartition[0]
  let isClosed = false
  let version: number | undefined
  /** Until then checkouts may wait that a change of the layout has held up, by `performance.now()`. */
  let heldUntil = 0

  function noteHold(): void {
    if (lease.isHeld()) heldUntil = performance.now() + timeoutMs
  }

  async function startSenders(): Promise<void> {
    byPartition = await leaders
    if (isClosed) return
    version = lease.current().version
    const all = new Set(byPartition)
    for (const leader of all) {
      const take = all.size === 1 ? takeAny : takeFor(leader)
      senders.set(leader, createLeaderSender({ ...options, take }))
    }
    sendAll()
  }
  void startSenders()

  function sendAll(): void {
    for (const sender of senders.values()) sender.send()
  }

  function takeAny(layout: SentLayout, mostRecords: number, mostBytes: number): Entry[] {
    const taken = takeUnder(layout, mostRecords, mostBytes)
    for (const { item } of taken) placeAmong(item, layout.partitions)
    return taken
  }

  const takeFor = (leader: number) => (layout: SentLayout, mostRecords: number, mostBytes: number) =>
    takeUnder(
      layout,
      mostRecords,
      mostBytes,
      ({ item }) => leaderOf(placeAmong(item, layout.partitions)) === leader,
    )

  function takeUnder(
    layout: SentLayout,
    mostRecords: number,
    mostBytes: number,
    isOwn?: (entry: Entry) => boolean,
  ): Entry[] {
    if (layout.version !== version) {
      version = layout.version
      // What waits may have another leader now.
      sendAll()
    }
    const taken = queue.take(mostRecords, mostBytes, isOwn)
    if (queue.size() < MOST_RECORDS / 2) heldUntil = 0
    return taken
  }

  return {
    /** Resolves when the record is stored. Rejects with the problem to answer with. */
    publish: async (record: CheckoutRecord): Promise<Stored> => {
      const { lane, since, isDisconnected } = record
      noteHold()
      const { partitions } = lease.current()
      const placed = Object.assign(record, {
        partition: record.partitionAmong(partitions),
        among: partitions,
      })
      const stored = queue.add(placed, { lane, since, isDisconnected, bytes: recordBytes(record) })
      senders.get(leaderOf(placed.partition))?.send()
      return stored
    },
    /** Throws `overloaded` when a purchase whose client has been trying since then would have no room. */
    checkRoom: (since: number) => queue.checkRoom(since),
    /** Whether more checkouts wait than usual, because of a change of the layout. */
    isHeld(): boolean {
      noteHold()
      return performance.now() < heldUntil
    },
    /** Number of records that wait to be sent. */
    waiting: () => queue.size(),
    /** Records without an answer of Kafka, sent or not, and how long the oldest has waited. */
    unanswered: () => ({ checkouts: queue.unanswered(), oldestMs: Math.round(queue.longestWaitMs()) }),
    /** Why a checkout that arrived now might not be stored in time, or undefined when it would. */
    fault(): string | undefined {
      if (senders.size === 0) return 'Kafka does not answer'
      const [fault] = [...senders.values()].flatMap((sender) => sender.fault() ?? [])
      if (fault !== undefined || queue.longestWaitMs() < timeoutMs / 2) return fault
      return lease.isHeld() ? 'Checkouts wait for a change of the layout' : 'Kafka does not answer in time'
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
