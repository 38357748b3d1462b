import { setImmediate as yieldToOthers } from 'node:timers/promises'
import type { Logger } from 'pino'
import { readFiguresRecord } from '../../backbone/figures/read-record.ts'
import type { KeptAdmin } from '../../backbone/kafka/admin.ts'
import type { KafkaClient } from '../../backbone/kafka/client.ts'
import type { TopicAdmin } from '../../backbone/kafka/topic-admin.ts'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'
import { HISTORY_MS } from '../../backbone/operations/keep-points.ts'
import type { SystemModel } from '../../backbone/operations/system-model.ts'
import { header, headerText } from '../../backbone/records/headers.ts'
import type { RecordHeaders, StoredRecord } from '../../backbone/records/record.ts'
import type { PartitionConsumer, RecordBatch } from '../kafka/partition-consumer.ts'
import { readTopic } from '../kafka/read-topic.ts'

interface FollowOptions {
  kafka: KafkaClient
  /** For this alone: after a question about a missing topic, kafkajs 2.2.4 fails those about others. It is closed. */
  admin: KeptAdmin
  topic: string
  /** Of this system: others may write to the same topic. */
  dataTopic: string
  /** Names groups of this process alone, where the client library needs one. */
  groupPrefix: string
  model: Pick<SystemModel, 'takeFromTopic' | 'tick' | 'lastTick'>
  refusals: ClientRefusals
  log: Logger
}

const TICK_MS = 1_000
/** Other work runs after so many records or ticks. */
const AT_A_TIME = 100
/** The state of the system does not wait longer for a topic that is missing or refused. */
const CATCH_UP_WITHIN_MS = 10_000

/**
 * Follows the topic of figures into the model. First leads it through the last minutes, second by second, so that plots and
 * verdicts begin there.
 */
export function followFigures({ admin, topic, dataTopic, model, log, ...options }: FollowOptions) {
  const historyFrom = Date.now() - HISTORY_MS
  const caughtUp = Promise.withResolvers<void>()
  let isLeading = true
  /** Until then records are as old as Kafka says; later ones have just been written. */
  let isAtEnd = false
  let next: number | undefined
  let hasSkipped = false
  let firstAt = Number.POSITIVE_INFINITY

  function endLeading() {
    isLeading = false
    clearTimeout(timer)
    caughtUp.resolve()
  }
  const timer = setTimeout(endLeading, CATCH_UP_WITHIN_MS)

  async function findStart(connected: TopicAdmin): Promise<void> {
    // Also what is older than the plots: compaction has left the last events and figures of each process.
    const ends = (await connected.fetchTopicOffsets(topic)).find(({ partition }) => partition === 0)
    if (ends === undefined) return
    next = Number(ends.low)
    // Nothing to lead through.
    if (next >= Number(ends.high)) endLeading()
  }

  async function tryToFindStart(): Promise<void> {
    await admin.use((connected) => findStart(connected)).catch(() => undefined)
    await admin.close()
  }

  async function leadTo(time: number): Promise<void> {
    let ticks = 0
    // The first record may be much younger than the history could be.
    const last = Math.max(model.lastTick(), historyFrom, firstAt - TICK_MS)
    for (let at = last + TICK_MS; at <= time; at += TICK_MS) {
      if (++ticks % AT_A_TIME === 0) await yieldToOthers()
      if (isLeading) model.tick(at)
    }
  }

  /** Records of an earlier version do not say whose they are. */
  function isOfOther(headers: RecordHeaders | undefined): boolean {
    const system = headerText(headers, header.dataTopic)
    return system !== undefined && system !== dataTopic
  }

  async function take(record: StoredRecord): Promise<void> {
    if (isOfOther(record.headers)) return
    const figures = readFiguresRecord(record.value)
    if (figures === undefined) {
      if (!hasSkipped)
        log.warn(
          { topic, offset: record.offset },
          'Skipping records that are not figures, or of a later version',
        )
      hasSkipped = true
      return
    }
    const now = Date.now()
    const seenAt = isAtEnd ? now : Math.min(Number(record.timestamp), now)
    if (seenAt > historyFrom) firstAt = Math.min(firstAt, seenAt)
    if (isLeading) await leadTo(seenAt)
    model.takeFromTopic(figures, seenAt)
  }

  async function onBatch(_: PartitionConsumer, batch: RecordBatch): Promise<void> {
    for (const [index, record] of batch.records.entries()) {
      if (batch.isStale()) return
      await take(record)
      if ((index + 1) % AT_A_TIME === 0) await yieldToOthers()
    }
    next = batch.lastOffset + 1
    if (next >= batch.highWatermark) {
      isAtEnd = true
      if (isLeading) await leadTo(Date.now())
      endLeading()
    }
    batch.resolve(batch.lastOffset)
    await batch.heartbeat()
  }

  const reader = readTopic({
    ...options,
    topic,
    log,
    partitions: 1,
    // The topic may not exist yet: then it is read from its beginning.
    begin: tryToFindStart(),
    onJoin: (consumer, assigned) => {
      isAtEnd = false
      if (assigned.includes(0)) consumer.seek(0, next ?? 0)
    },
    onBatch,
    onEnd: () => undefined,
  })

  return {
    /** Resolves when the model knows what has happened before, as far as Kafka tells it. */
    caughtUp: caughtUp.promise,
    async stop(): Promise<void> {
      endLeading()
      await reader.stop()
    },
    groups: () => reader.groups(),
  }
}
