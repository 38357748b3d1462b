import type { Logger } from 'pino'
import { keepAdmin } from '../kafka/admin.ts'
import type { KafkaClient } from '../kafka/client.ts'
import { type FollowedRecords, followPartition } from '../kafka/follow-partition.ts'
import { partitionEnds } from '../kafka/partition-ends.ts'
import { createTopicAdmin } from '../kafka/topic-admin.ts'
import { ensureLayoutTopic, type TopicSettings } from '../kafka/topics.ts'
import type { ClientRefusals } from '../kafka/watch-refusals.ts'
import { createLayoutState, type LayoutState } from './layout-state.ts'
import { createLayoutTaker } from './take-layout-records.ts'

interface FollowOptions {
  kafka: KafkaClient
  topics: Pick<TopicSettings, 'DATA_TOPIC' | 'LAYOUT_TOPIC'>
  /** Nothing is read before. */
  begin?: Promise<unknown>
  /** Partitions that customers are spread over before the first change. */
  homes: () => number
  /** Called when records were read. */
  onChange?: () => void
  /** Whether Kafka does not let this process read, if it can do without. */
  isRefusal?: (error: unknown) => boolean
  refusals: ClientRefusals
  log: Logger
}

interface Waiter {
  isOver: () => boolean
  resolve: () => void
}

/** Follows the log of the layout: see docs/explanation/partitions.md. */
export function followLayout({
  kafka,
  topics,
  begin = Promise.resolve(),
  homes,
  onChange = () => undefined,
  isRefusal = () => false,
  refusals,
  log,
}: FollowOptions) {
  const { LAYOUT_TOPIC: topic } = topics
  const layout = createLayoutState(homes)
  const take = createLayoutTaker({ layout, topics, log })
  // Not that of the process: it is replaced after a failure, and others are using it.
  const admin = keepAdmin(() => createTopicAdmin(kafka))
  const waiters = new Set<Waiter>()
  let position = 0
  let isKnown = false
  let isRefused = false
  let readAt = Number.NEGATIVE_INFINITY
  let steadyAt = Number.NEGATIVE_INFINITY
  let begunAt = Number.NEGATIVE_INFINITY

  function onRead({ records, next, isEnd, began }: FollowedRecords): void {
    const before = layout.current()
    isRefused = false
    records.forEach(take)
    position = next
    const { version, homes: counts, change } = layout.current()
    const isNew = change?.version !== before.change?.version || !before.change?.begun
    if (change?.begun && isNew) begunAt = performance.now()
    isKnown ||= isEnd
    if (isEnd) readAt = began
    if (isEnd && !change?.begun) steadyAt = began
    if (version !== before.version) log.info({ version, partitions: counts.at(-1) }, 'Layout in force')
    if (records.length > 0) onChange()
    wake()
  }

  function wake(): void {
    for (const waiter of waiters) {
      if (!waiter.isOver()) continue
      waiters.delete(waiter)
      waiter.resolve()
    }
  }

  /** Resolves when that is so, checked after each fetch and in `wake`, or when the signal is aborted. */
  async function until(isSo: () => boolean, signal?: AbortSignal): Promise<void> {
    if (isSo() || signal?.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const waiter = { isOver: isSo, resolve }
    const abort = () => {
      waiters.delete(waiter)
      resolve()
    }
    waiters.add(waiter)
    signal?.addEventListener('abort', abort, { once: true })
    await promise
    signal?.removeEventListener('abort', abort)
  }

  const reader = followPartition({
    kafka,
    admin,
    topic,
    ensure: (connected) => ensureLayoutTopic(connected, topic),
    onRead,
    begin,
    noteFailure(error) {
      if (!isRefusal(error)) return
      isRefused = true
      wake()
    },
    refusals,
    log,
  })

  return {
    current: (): LayoutState => layout.current(),
    switchesTo: layout.switchesTo,
    /** The layout was as it is known then, by `performance.now()`. */
    readAt: (): number => readAt,
    /**
     * The layout in force was in force then, by `performance.now()`, and no change of it had begun. While a change is on its
     * way this is a time before it.
     */
    steadyAt: (): number => steadyAt,
    /** When this process learned that the present change has begun, by `performance.now()`. */
    begunAt: (): number => begunAt,
    until,
    /** Checks what `until` waits for: it may depend on the time. */
    wake,

    /** Whether Kafka does not let this process read the layout, so that it goes by what it knows. */
    isRefused: (): boolean => isRefused,

    /** Whether the layout was read to its end once, or will not be. */
    isKnown: (): boolean => isKnown || isRefused,

    /** Resolves when the layout was read to its end once. */
    untilKnown: (): Promise<void> => until(() => isKnown || isRefused),

    /** Resolves when everything is known that was in the log when this was called. */
    async readToEnd(signal: AbortSignal): Promise<void> {
      const ends = await admin.use((connected) => partitionEnds(connected, topic, 0))
      const end = ends?.high ?? 0
      await until(() => position >= end, signal)
      signal.throwIfAborted()
    },

    async stop(): Promise<void> {
      await reader.stop()
      await admin.close()
    },
  }
}

export type LayoutFollower = ReturnType<typeof followLayout>
