import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { KeptAdmin } from '../../backbone/kafka/admin.ts'
import { errorText } from '../../backbone/kafka/error-text.ts'

interface WatchOptions {
  admin: KeptAdmin
  topic: string
  partitions: number
  /** Where the consumer reads a partition on. */
  next: (partition: number) => number
  /** Retention has removed all records before `first`. */
  onRemoved: (partition: number, first: number) => Promise<void>
  /** The partition ends before the position of its consumer. */
  onRecreated: (partition: number) => Promise<void>
  log: Logger
}

interface Ends {
  low: number
  high: number
}

const FIRST_INTERVAL_MS = 100
const INTERVAL_MS = 5_000
/** Brokers need a moment to know a topic that was just created, and longer to replace a leader. */
const WARN_AFTER_MS = 15_000

/** Asks where each partition of a topic begins and ends: what retention has removed, and whether all was read. */
export function watchTopicEnds({
  admin,
  topic,
  partitions,
  next,
  onRemoved,
  onRecreated,
  log,
}: WatchOptions) {
  const stopping = new AbortController()
  const lows = new Map<number, number>()
  const highs = new Map<number, number>()
  let atStart: ReadonlyMap<number, Ends> | undefined
  let hasReached = false
  let forgotten = 0

  /** A fetch may have seen a later end than the answer that was asked for before. */
  const noteEnd = (partition: number, high: number) =>
    highs.set(partition, Math.max(high, highs.get(partition) ?? 0))

  async function ask(): Promise<Map<number, Ends>> {
    const answered = await admin.use((connected) => connected.fetchTopicOffsets(topic))
    return new Map(
      answered
        .filter(({ partition }) => partition < partitions)
        .map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]),
    )
  }

  async function check(): Promise<void> {
    const before = forgotten
    const nexts = Array.from({ length: partitions }, (_, partition) => next(partition))
    const ends = await ask()
    atStart ??= ends
    for (const [partition, { low, high }] of ends) {
      // An answer from before the topic was recreated would remove new records.
      if (forgotten !== before || stopping.signal.aborted) return
      if (high < (nexts[partition] ?? 0)) {
        await onRecreated(partition)
        return
      }
      noteEnd(partition, high)
      if (low === (lows.get(partition) ?? 0)) continue
      lows.set(partition, low)
      await onRemoved(partition, low)
    }
  }

  async function keepChecking(): Promise<void> {
    let failingSince: number | undefined
    let isWarned = false
    while (!stopping.signal.aborted) {
      try {
        await check()
        failingSince = undefined
        isWarned = false
      } catch (error) {
        failingSince ??= performance.now()
        const lasts = performance.now() - failingSince >= WARN_AFTER_MS
        if (lasts && !isWarned)
          log.warn({ topic, error: errorText(error) }, 'The ends of the topic are not known')
        isWarned ||= lasts
      }
      const interval = atStart === undefined ? FIRST_INTERVAL_MS : INTERVAL_MS
      await sleep(interval, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  void keepChecking()

  return {
    /** Offset of the oldest record of a partition, now. */
    first: async (partition: number): Promise<number> => (await ask()).get(partition)?.low ?? 0,

    /** The topic was recreated: what is known of its ends is wrong. */
    forget(): void {
      forgotten += 1
      lows.clear()
      highs.clear()
    },

    /** The partition ended here when it was fetched from. */
    seen: noteEnd,

    /** Records between the position of the consumer and the ends, which were asked for 5 s ago at most. */
    unread: (): number =>
      highs.entries().reduce((sum, [partition, high]) => sum + Math.max(0, high - next(partition)), 0),

    /** Whether everything was read that was in the topic at the start. */
    reached(): boolean {
      hasReached ||=
        atStart?.entries().every(([partition, { low, high }]) => low >= high || next(partition) >= high) ??
        false
      return hasReached
    },

    stop: (): void => stopping.abort(),
  }
}
