import { setTimeout as sleep } from 'node:timers/promises'
import { recordBytes } from '../../backbone/kafka/record-bytes.ts'
import { retryDelayMs } from '../../backbone/kafka/retry-delay.ts'
import { type CheckoutRecord, type PlacedRecord, placeAmong, type Stored } from './checkout-record.ts'
import type { SentLayout } from './layout-lease.ts'
import { createLeaderSender, type LeaderSender, MOST_RECORDS, type SendOptions } from './leader-sender.ts'
import { createPublishQueue } from './publish-queue.ts'
import type { Entry } from './send-request.ts'

interface PublisherOptions extends SendOptions {
  /** The preferred leader of each partition, by number. Nothing is sent before they are known. */
  leaders: Promise<readonly number[]>
  /** Resolves with the same of all partitions, once there are at least so many. */
  findLeaders: (partitions: number) => Promise<readonly number[]>
  maxWaiting: number
  maxWaitingBytes: number
}

/** Between questions for the partitions of a plan. */
const PLANNED_DELAY = { firstMs: 200, longestMs: 2_000 }

/**
 * Stores records in Kafka, from one queue. Each leader has a producer of its own, so that no record waits for the answer of
 * another leader. A partition never changes its producer, even if another broker leads it for some time.
 */
export function createPublisher(options: PublisherOptions) {
  const { topic, findLeaders, lease, maxWaiting, maxWaitingBytes, timeoutMs } = options
  const queue = createPublishQueue<PlacedRecord, Stored>({
    maxRecords: maxWaiting,
    maxBytes: maxWaitingBytes,
    timeoutMs,
    clock: lease.clock,
  })
  const senders = new Map<number | undefined, LeaderSender>()
  /** By partition. Records for partitions that are missing wait. */
  let leaders: readonly number[] = []
  let isFinding = false
  /** Ends the pause before leaders are looked up again. */
  let pause = new AbortController()
  let isClosed = false
  /** Until then checkouts may wait that a change of the layout has held up, by `performance.now()`. */
  let heldUntil = 0

  function noteHold(): void {
    if (lease.isHeld()) heldUntil = performance.now() + timeoutMs
  }

  function addSenders(found: readonly number[]): void {
    if (isClosed) return
    leaders = [...leaders, ...found.slice(leaders.length)]
    for (const leader of new Set(leaders)) {
      if (senders.has(leader)) continue
      const sender = createLeaderSender({
        ...options,
        take: (...limits) => takeFor(leader, ...limits),
        isOwn: (...placed) => isFor(leader, ...placed),
      })
      senders.set(leader, sender)
    }
    sendAll()
  }

  const used = () => lease.current().partitions
  const { planned } = lease
  const areMissing = (partitions: number) => !isClosed && partitions > leaders.length

  /** Those of a plan before it is in force: customers must not wait for the broker that is asked. */
  async function findMissing(): Promise<void> {
    if (isFinding) return
    isFinding = true
    for (let attempts = 0; areMissing(Math.max(used(), planned())); attempts++) {
      pause = new AbortController()
      const { signal } = pause
      addSenders(await findLeaders(used()))
      // A plan is older than its partitions.
      if (!areMissing(used()) && areMissing(planned()))
        await sleep(retryDelayMs(attempts, PLANNED_DELAY), undefined, { signal }).catch(() => undefined)
    }
    isFinding = false
  }
  void options.leaders.then(addSenders).then(findMissing)

  function sendAll(): void {
    for (const sender of senders.values()) sender.send()
  }

  const isFor = (leader: number, { item }: Entry, { partitions }: SentLayout) =>
    leaders[placeAmong(item, partitions)] === leader

  function takeFor(leader: number, layout: SentLayout, mostRecords: number, mostBytes: number) {
    const { partitions } = layout
    const isOwn = (entry: Entry) => isFor(leader, entry, layout)
    const areAll = senders.size === 1 && partitions <= leaders.length
    const taken = queue.take(mostRecords, mostBytes, areAll ? undefined : isOwn)
    if (areAll) for (const { item } of taken) placeAmong(item, partitions)
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
      senders.get(leaders[placed.partition])?.send()
      return stored
    },
    /** The layout is another one: what waits may have another leader, whose sender is idle. */
    layoutChanged(): void {
      sendAll()
      pause.abort()
      if (senders.size > 0) void findMissing()
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
      if (lease.isHeld()) return 'Checkouts wait for a change of the layout'
      return areMissing(used())
        ? `The leaders of ${topic} from partition ${leaders.length} on are not known. Check that it has ${used()} partitions`
        : 'Kafka does not answer in time'
    },
    /** Resolves when all that waits has been answered. Afterwards nothing is sent. */
    close: async (): Promise<void> => {
      await queue.settled()
      isClosed = true
      pause.abort()
      await Promise.all([...senders.values()].map((sender) => sender.close()))
    },
  }
}

export type Publisher = ReturnType<typeof createPublisher>
