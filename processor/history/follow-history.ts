import type { Logger } from 'pino'
import type { KeptAdmin } from '../../backbone/kafka/admin.ts'
import type { KafkaClient } from '../../backbone/kafka/client.ts'
import { partitionEnds } from '../../backbone/kafka/partition-ends.ts'
import { ensureHistoryTopic } from '../../backbone/kafka/topics.ts'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import type { RecordBatch } from '../kafka/partition-consumer.ts'
import { readTopic } from '../kafka/read-topic.ts'
import type { HistoryMessage } from './history-record.ts'

interface FollowOptions {
  kafka: KafkaClient
  /** For this alone: after a question about a missing topic, kafkajs 2.2.4 fails those about others. It is closed. */
  admin: KeptAdmin
  topic: string
  /** Names groups of this process alone, where the client library needs one. */
  groupPrefix: string
  /** Throws for a record that is none. */
  take: (message: HistoryMessage, appendedAt: number) => void
  refusals: ClientRefusals
  log: Logger
}

/** Reads the topic of the history from its beginning, and follows it. Creates it when it is missing. */
export function followHistory({ admin, topic, take, ...options }: FollowOptions) {
  const { refusals, log } = options
  const stopping = new AbortController()
  let next = 0
  let isCaughtUp = false
  let hasWarned = false

  async function findStart(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await admin.use(async (connected) => {
          await ensureHistoryTopic(connected, topic)
          const ends = await partitionEnds(connected, topic, 0)
          next = ends?.low ?? 0
          isCaughtUp = next >= (ends?.high ?? 0)
        })
        refusals.allowed()
        break
      } catch (error) {
        await refusals.refused(error, stopping.signal)
      }
    }
    await admin.close()
  }

  function takeRecord({ key, value, offset, timestamp }: StoredRecord): void {
    try {
      take({ key: key?.toString() ?? '', value: value?.toString() ?? null }, Number(timestamp))
    } catch {
      if (!hasWarned) log.warn({ topic, offset }, 'Skipping records that are not of the history')
      hasWarned = true
    }
  }

  async function onBatch(_: unknown, batch: RecordBatch): Promise<void> {
    if (batch.isStale()) return
    // Without a pause: the sums of a partition that were written together are taken together.
    batch.records.forEach(takeRecord)
    next = batch.lastOffset + 1
    isCaughtUp ||= next >= batch.highWatermark
    batch.resolve(batch.lastOffset)
    await batch.heartbeat()
  }

  const reader = readTopic({
    ...options,
    topic,
    partitions: 1,
    begin: findStart(),
    onJoin: (consumer, assigned) => {
      if (assigned.includes(0)) consumer.seek(0, next)
    },
    onBatch,
    onEnd: () => undefined,
  })

  return {
    /** Whether everything is known that the topic had at the start. */
    isCaughtUp: (): boolean => isCaughtUp,
    async stop(): Promise<void> {
      stopping.abort()
      await reader.stop()
    },
    groups: () => reader.groups(),
  }
}
