import type { Logger } from 'pino'
import type { KeptAdmin } from './admin.ts'
import type { PartitionMetrics } from './partition-metrics.ts'
import { partitionMismatch } from './partition-mismatch.ts'
import { type CountsNow, createPartitionCounter, type TopicSettings } from './topics.ts'

interface WatchOptions {
  admin: KeptAdmin
  topics: Pick<TopicSettings, 'DATA_TOPIC' | 'NOTIFICATIONS_TOPIC'>
  /** Partitions of DataTopic that this process works with now. */
  used: () => number
  /** Those that it would work with if it started with these counts. */
  expected: (counts: CountsNow) => number
  /** The number that a change of the layout leads to, while one is under way. */
  changingTo: () => number | undefined
  metrics: PartitionMetrics
  log: Logger
}

// Every process notices within 30 s, also when the first try fails; jittered, so that not all ask at once.
const INTERVAL_MS = { least: 15_000, most: 20_000 }
const RETRY_MS = { least: 2_000, most: 3_000 }
const REPEAT_AFTER_MS = 600_000

/**
 * Watches the partition counts of DataTopic and Notifications, which an operator may change with Kafka's own tools while the
 * processes run. A mismatch is logged, again every ten minutes while it lasts, and once when it is over.
 */
export function watchPartitions(options: WatchOptions) {
  const { admin, topics, used, expected, changingTo, metrics, log } = options
  const stopping = new AbortController()
  const count = createPartitionCounter(topics)
  let mismatch: string | undefined
  let loggedAt = 0
  let timer: ReturnType<typeof setTimeout>

  function report(counts: CountsNow) {
    const before = mismatch
    mismatch = partitionMismatch({
      topics,
      counts,
      used: used(),
      expected: expected(counts),
      changingTo: changingTo(),
    })
    metrics.partitions.set({ topic: topics.DATA_TOPIC }, counts.data)
    if (counts.notifications !== undefined)
      metrics.partitions.set({ topic: topics.NOTIFICATIONS_TOPIC }, counts.notifications)
    metrics.mismatch.set(mismatch === undefined ? 0 : 1)
    if (mismatch === undefined) {
      if (before !== undefined) log.info(counts, 'the partition counts of the topics match again')
    } else if (mismatch !== before || performance.now() - loggedAt >= REPEAT_AFTER_MS) {
      log.error({ ...counts, used: used() }, mismatch)
      loggedAt = performance.now()
    }
  }

  /** Resolves with when to check again. */
  async function check(): Promise<typeof INTERVAL_MS> {
    try {
      report(await admin.use(count))
      return INTERVAL_MS
    } catch (error) {
      log.debug({ error: String(error) }, 'the partition counts of the topics could not be read')
      return RETRY_MS
    }
  }

  async function keepChecking(): Promise<void> {
    const { least, most } = await check()
    if (!stopping.signal.aborted)
      timer = setTimeout(() => void keepChecking(), least + Math.random() * (most - least))
  }
  void keepChecking()

  return {
    /** The mismatch and its remedy, or undefined. */
    mismatch: () => mismatch,
    stop() {
      stopping.abort()
      clearTimeout(timer)
    },
  }
}
