import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import type { KafkaSettings } from '../../backbone/kafka/client.ts'
import { openKafka } from '../../backbone/kafka/open-kafka.ts'
import { within } from '../../backbone/process/with-timeout.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import { deleteGroups } from '../../processor/kafka/delete-groups.ts'
import type { BatchRange } from '../../processor/kafka/partition-consumer.ts'
import { readTopic } from '../../processor/kafka/read-topic.ts'

export interface ReadOptions {
  settings: KafkaSettings
  topic: string
  /** Milliseconds since the epoch; undefined: from the beginning. */
  since: number | undefined
  take: (partition: number, record: StoredRecord) => void
  log: Logger
}

const ANSWERS_WITHIN_MS = 10_000
const PROGRESS_WITHIN_MS = 60_000
const CHECK_MS = 2_000

/**
 * Reads the committed records of a topic up to where it ends now. Resolves with the number of its partitions, 0 if there is
 * no such topic, or it may not be seen. Rejects when Kafka refuses something, or a partition cannot be
 * read on; the process must then end, because its clients try again.
 */
export async function readToEnd({ settings, topic, since, take, log }: ReadOptions): Promise<number> {
  const prefix = `recovery-point-${randomUUID()}`
  const done = Promise.withResolvers<void>()
  // Also while nobody waits for it yet.
  done.promise.catch(() => undefined)
  const { client, admin, refusals } = openKafka(settings, prefix, {
    onRefusal: (detail) => done.reject(new Error(detail)),
    registry: new Registry(),
    log,
  })
  const endsNow = () => admin.use((connected) => connected.fetchTopicOffsets(topic))
  let checking: ReturnType<typeof setInterval> | undefined
  try {
    await within(ANSWERS_WITHIN_MS, Promise.race([refusals.authenticated(), done.promise]))
    if (!(await admin.use((connected) => connected.listTopics())).includes(topic)) return 0
    const ends = await endsNow()
    const starts =
      since === undefined
        ? new Map(ends.map(({ partition, low }) => [partition, Number(low)]))
        : await admin.use((connected) => connected.fetchOffsetsAt(topic, since))
    const unread = new Map(
      ends
        .map(({ partition, high }) => [partition, Number(high)] as const)
        .filter(([partition, end]) => (starts.get(partition) ?? 0) < end),
    )
    if (unread.size === 0) return ends.length

    let progressAt = performance.now()
    const reached = ({ partition, lastOffset }: Omit<BatchRange, 'firstOffset'>) => {
      // Empty batches also come from partitions that were read before.
      if (unread.has(partition)) progressAt = performance.now()
      starts.set(partition, lastOffset + 1)
      if (lastOffset + 1 >= (unread.get(partition) ?? 0)) unread.delete(partition)
      if (unread.size === 0) done.resolve()
    }
    const reader = readTopic({
      kafka: client,
      topic,
      partitions: ends.length,
      groupPrefix: prefix,
      begin: Promise.resolve(),
      onJoin(consumer, assigned) {
        for (const partition of assigned) consumer.seek(partition, starts.get(partition) ?? 0)
      },
      async onBatch(_, batch) {
        const { partition, records, lastOffset } = batch
        const end = unread.get(partition)
        if (batch.isStale() || end === undefined) return
        for (const record of records) if (Number(record.offset) < end) take(partition, record)
        reached(batch)
        batch.resolve(lastOffset)
        await batch.heartbeat()
      },
      onEmptyBatch: reached,
      onEnd: () => undefined,
      refusals: refusals.client({ operation: 'Read', topic, group: `${prefix}-*` }),
      log,
    })
    // Retention may remove the last records before they are read: no batch shows that.
    const passRemoved = async () => {
      for (const { partition, low } of await endsNow())
        if (Number(low) >= (unread.get(partition) ?? Number.POSITIVE_INFINITY))
          reached({ partition, lastOffset: Number(low) - 1 })
    }
    // Such as a partition without a leader: kafkajs tries again for ever.
    const rejectStalled = () => {
      if (performance.now() - progressAt < PROGRESS_WITHIN_MS) return
      const partitions = [...unread.keys()].join(', ')
      done.reject(
        new Error(
          `No progress within ${PROGRESS_WITHIN_MS / 1_000} s: ${topic} at ${settings.KAFKA_BROKERS.join()}, partition ${partitions}`,
        ),
      )
    }
    checking = setInterval(() => {
      rejectStalled()
      void passRemoved().catch(() => undefined)
    }, CHECK_MS)
    await done.promise
    await reader.stop()
    await deleteGroups(reader.groups(), { admin, refusals, prefix, log })
    return ends.length
  } finally {
    clearInterval(checking)
    await admin.close()
  }
}
