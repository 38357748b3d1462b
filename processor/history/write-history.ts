import type { Logger } from 'pino'
import { errorText } from '../../backbone/kafka/error-text.ts'
import { createOutageWarning } from '../../backbone/kafka/outage-warning.ts'
import type { TopicSender } from '../../backbone/kafka/topic-sender.ts'
import { within } from '../../backbone/process/with-timeout.ts'
import type { OutcomeStore } from '../read-model/outcome-store.ts'
import type { CountedPartitions } from './count-partitions.ts'
import { type HistoryKey, type HistoryMessage, keyText, writeDrain, writeHour } from './history-record.ts'
import { hourOf, MINUTE_MS } from './minute-sums.ts'

interface WriteOptions {
  dataTopic: string
  counted: CountedPartitions
  readModel: Pick<OutcomeStore, 'after' | 'partition' | 'partitions'>
  /** The partitions that this member owns. */
  owned: () => ReadonlySet<number>
  /** Unclassified records of each of them. */
  lags: () => ReadonlyMap<number, number>
  /** Greatest rate of this processor with a backlog, since the last call. */
  takeDrainRate: () => number | undefined
  /** Whether everything is known that the topic had at the start. */
  isCaughtUp: () => boolean
  sender: TopicSender
  /** What Kafka refused, and what to check; undefined if the error is no refusal. */
  explain: (error: unknown) => string | undefined
  log: Logger
}

/** After the end of a minute: by then, most of its checkouts are classified. */
const AFTER_MINUTE_MS = 2_000
/** A checkout may be on its way to DataTopic. */
const IN_FLIGHT_MS = 1_000
const TICK_MS = 1_000
const STOP_WITHIN_MS = 2_000
const LONGEST_PAUSE_MS = 60_000

/** Writes the sums that have changed to the topic of the history, once a minute. */
export function writeHistory(options: WriteOptions) {
  const { dataTopic, counted, readModel, owned, lags, isCaughtUp, log } = options
  const { history, counters } = counted
  const send = oneAtATime(options.sender)
  const warning = createOutageWarning({
    failing: 'The history is not written',
    restored: 'The history is written again',
    log,
  })
  let isStopped = false
  let isWriting = false
  let tickedAt = Date.now()
  let writtenMinute = 0
  let writtenPartitions = 0

  /** Begins and ends to count where the ownership has changed. */
  function countOwned(): void {
    const now = owned()
    for (const partition of counters.keys()) if (!now.has(partition)) counted.release(partition)
    for (const partition of now)
      counted
        .own(partition, readModel, () => !isStopped && owned().has(partition))
        .catch((error: unknown) => log.warn({ err: error, partition }, 'Outcomes are not counted'))
  }

  function markWatched(now: number): void {
    const records = lags()
    for (const [partition, counter] of counters) {
      // With a lag, what was received after the newest outcome may not be classified yet.
      const isBehind = (records.get(partition) ?? 0) > 0
      const known = isBehind ? counter.newestAt() : now
      if (known > 0) counter.watched(Math.min(known, now - IN_FLIGHT_MS))
    }
  }

  function takeChangedHours() {
    return [...counters].flatMap(([partition, counter]) =>
      counter.takeChanged().map(({ hour, sums }) => {
        const key = keyText(dataTopic, { of: 'hour', partition, hour })
        return { partition, hour, message: { key, value: writeHour(sums) } }
      }),
    )
  }

  function drainRate(now: number): HistoryMessage[] {
    const perProcessor = options.takeDrainRate()
    const hour = hourOf(now)
    if (perProcessor === undefined || perProcessor <= (history.drains.get(hour) ?? 0)) return []
    history.setDrain(hour, perProcessor)
    return [{ key: keyText(dataTopic, { of: 'drain', hour }), value: writeDrain(perProcessor) }]
  }

  const tombstone = (key: HistoryKey): HistoryMessage => ({ key: keyText(dataTopic, key), value: null })

  async function write(now: number): Promise<void> {
    const expired = history.expire(now, owned()).map(tombstone)
    const changed = takeChangedHours()
    const messages = [...changed.map(({ message }) => message), ...drainRate(now), ...expired]
    try {
      if (messages.length === 0) return
      await send(messages)
      warning.end()
    } catch (error) {
      for (const { partition, hour } of changed) counters.get(partition)?.toWrite(hour)
      warning.warn(options.explain(error) ?? errorText(error))
    }
  }

  /** The process was frozen, or the clock was set: a minute without checkouts may not have been there at all. */
  function noticePause(now: number): void {
    if (Math.abs(now - tickedAt) > LONGEST_PAUSE_MS)
      for (const counter of counters.values()) counter.unwatched()
    tickedAt = now
  }

  async function tick(now: number): Promise<void> {
    noticePause(now)
    // What it does not know, it would overwrite.
    if (!isCaughtUp()) return
    countOwned()
    const minute = Math.floor((now - AFTER_MINUTE_MS) / MINUTE_MS)
    if (isWriting || (minute === writtenMinute && counters.size === writtenPartitions)) return
    writtenMinute = minute
    writtenPartitions = counters.size
    isWriting = true
    markWatched(now)
    await write(now)
    isWriting = false
  }
  const timer = setInterval(() => void tick(Date.now()), TICK_MS)

  return {
    /** Rejects if Kafka does not confirm the records. */
    send,
    /** Writes what was counted until now. Call it before partitions are released. */
    async stop(): Promise<void> {
      isStopped = true
      clearInterval(timer)
      if (isCaughtUp()) await within(STOP_WITHIN_MS, write(Date.now())).catch(() => undefined)
      await options.sender.close()
    },
  }
}

function oneAtATime(sender: TopicSender): (messages: readonly HistoryMessage[]) => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return (messages) => {
    const sent = last.catch(() => undefined).then(() => sender.send(messages))
    last = sent
    return sent
  }
}
