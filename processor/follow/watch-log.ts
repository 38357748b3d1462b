import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { KeptAdmin } from '../../backbone/kafka/admin.ts'
import type { LogChanges, OutcomeStore } from '../read-model/outcome-store.ts'
import { isUnclaimedCopy } from '../read-model/record.ts'

interface WatchOptions {
  admin: KeptAdmin
  topic: string
  readModel: OutcomeStore & LogChanges
  follows: (partition: number) => boolean
  log: Logger
}

const FIRST_INTERVAL_MS = 100
const INTERVAL_MS = 2_000
const POLL_MS = 50
const FAR_BEHIND = 10_000

/** Compares the read model with the ends of the log: removes outcomes that retention has removed, and measures the lag. */
export function watchLog({ admin, topic, readModel, follows, log }: WatchOptions) {
  let endsAtStart: ReadonlyMap<number, number> | undefined
  let hasCaughtUp = false
  let lag = Number.POSITIVE_INFINITY
  let timer: ReturnType<typeof setTimeout>
  const stopping = new AbortController()

  async function check(): Promise<void> {
    const logsForgotten = readModel.logsForgotten()
    const answered = await admin.use((connected) => connected.fetchTopicOffsets(topic))
    // Offsets that were requested before the topic was recreated are those of the former log: cutting the new one there
    // would lose outcomes.
    if (readModel.logsForgotten() !== logsForgotten) return
    const partitions = readModel.partitions().length
    const offsets = answered.filter(({ partition }) => partition < partitions)
    const ends = new Map(offsets.map(({ partition, high }) => [partition, Number(high)]))
    for (const { partition, low } of offsets) readModel.cut(partition, Number(low))
    lag = ends
      .entries()
      .filter(([partition]) => follows(partition))
      .reduce((sum, [partition, end]) => sum + Math.max(0, end - readModel.partition(partition).next), 0)
    const before = endsAtStart
    // A log that was recreated meanwhile has nothing to follow beyond its own end.
    endsAtStart = new Map(
      ends.entries().map(([partition, end]) => [partition, Math.min(end, before?.get(partition) ?? end)]),
    )
  }

  async function keepChecking(): Promise<void> {
    await check().catch((error: unknown) =>
      log.debug({ error: String(error) }, 'the ends of the log could not be read'),
    )
    if (!stopping.signal.aborted)
      timer = setTimeout(() => void keepChecking(), endsAtStart ? INTERVAL_MS : FIRST_INTERVAL_MS)
  }
  void keepChecking()

  /** Whether the read model has all that was in the log at the start. */
  function caughtUp(): boolean {
    hasCaughtUp ||=
      endsAtStart?.entries().every(([partition, end]) => readModel.partition(partition).next >= end) ?? false
    return hasCaughtUp
  }

  /** Why no results can be served at all, or undefined when they can. */
  function withheld(): string | undefined {
    if (!caughtUp()) return 'this processor is still reading the log'
    // Its offsets would go with the name of the other cluster's log.
    return readModel.partitions().some(isUnclaimedCopy)
      ? `${topic} was copied from another cluster, and not all of its partitions are claimed yet`
      : undefined
  }

  return {
    caughtUp,

    /** Records of the log that the read model had not followed at the last check. */
    lag: () => lag,

    async untilCaughtUp(): Promise<void> {
      while (!caughtUp() && !stopping.signal.aborted) await sleep(POLL_MS)
    },

    withheld,

    /** Why results would be stale, or undefined when they are not. */
    behind(): string | undefined {
      if (!caughtUp()) return 'following the log up to where it ended at the start'
      return withheld() ?? (lag > FAR_BEHIND ? `${lag} records behind the log` : undefined)
    },

    stop() {
      stopping.abort()
      clearTimeout(timer)
    },
  }
}
