import { setImmediate as yieldToOthers } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { FiguresRecord } from '../../backbone/figures/member-figures.ts'
import { readFiguresRecord } from '../../backbone/figures/read-record.ts'
import type { KeptAdmin } from '../../backbone/kafka/admin.ts'
import type { KafkaClient } from '../../backbone/kafka/client.ts'
import { partitionEnds } from '../../backbone/kafka/partition-ends.ts'
import type { TopicAdmin } from '../../backbone/kafka/topic-admin.ts'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { SystemModel } from '../../backbone/operations/system-model.ts'
import { header, headerText } from '../../backbone/records/headers.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import type { PartitionConsumer, RecordBatch } from '../kafka/partition-consumer.ts'
import { readTopic } from '../kafka/read-topic.ts'
import { replayHistory } from './replay-history.ts'

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

/** Other work runs after so many records. */
const RECORDS_AT_A_TIME = 100

/** Follows the topic of figures into the model, whose history it replays first. */
export function followFigures({ admin, topic, dataTopic, model, log, ...options }: FollowOptions) {
  const history = replayHistory(model)
  const readFigures = figuresReader({ topic, dataTopic, log })
  /** Until then records are as old as Kafka says; later ones have just been written. */
  let isAtEnd = false
  let next: number | undefined

  async function findStart(connected: TopicAdmin): Promise<void> {
    // Also what is older than the plots: compaction has left the last events and figures of each process.
    const ends = await partitionEnds(connected, topic, 0)
    if (ends === undefined) return
    next = ends.low
    // Nothing to replay.
    if (next >= ends.high) history.end()
  }

  async function tryToFindStart(): Promise<void> {
    await admin.use((connected) => findStart(connected)).catch(() => undefined)
    await admin.close()
  }

  async function take(record: StoredRecord): Promise<void> {
    const figures = readFigures(record)
    if (figures === undefined) return
    const now = Date.now()
    const seenAt = isAtEnd ? now : Math.min(Number(record.timestamp), now)
    await history.advanceToRecord(seenAt)
    model.takeFromTopic(figures, seenAt)
  }

  async function onBatch(_: PartitionConsumer, batch: RecordBatch): Promise<void> {
    for (const [index, record] of batch.records.entries()) {
      if (batch.isStale()) return
      await take(record)
      if ((index + 1) % RECORDS_AT_A_TIME === 0) await yieldToOthers()
    }
    next = batch.lastOffset + 1
    if (next >= batch.highWatermark) {
      isAtEnd = true
      await history.advanceTo(Date.now())
      history.end()
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
    /** Resolves when the model knows what has happened before, as far as Kafka has it. */
    caughtUp: history.ended,
    async stop(): Promise<void> {
      history.end()
      await reader.stop()
    },
    groups: () => reader.groups(),
  }
}

type FiguresTopic = Pick<FollowOptions, 'topic' | 'dataTopic' | 'log'>

/** Reads the figures of this system: undefined for those of others, and for other records, with one warning. */
function figuresReader({ topic, dataTopic, log }: FiguresTopic) {
  let hasWarned = false

  return ({ headers, value, offset }: StoredRecord): FiguresRecord | undefined => {
    // Records of an earlier version do not say whose they are.
    const system = headerText(headers, header.dataTopic)
    if (system !== undefined && system !== dataTopic) return undefined
    const figures = readFiguresRecord(value)
    if (figures === undefined && !hasWarned) {
      log.warn({ topic, offset }, 'Skipping records that are not figures, or of a later version')
      hasWarned = true
    }
    return figures
  }
}
