import { setTimeout as sleep } from 'node:timers/promises'
import { Consumer, FetchIsolationLevels, type RecordsBatch } from '@platformatic/kafka'
import { Kafka, logLevel } from 'kafkajs'
import { withoutAborted } from './without-aborted.ts'

/** A broker that has just started may lead nothing yet. */
const PATIENCE_MS = 60_000
const RETRY_MS = 50
const MAX_PARTITION_BYTES = 1024 * 1024
// Kafka protocol, Record Batch: attributes, bit 3.
const HAS_APPEND_TIME = 0b1000

export interface TopicRecord {
  /** Epoch milliseconds, by the clock that the topic uses. */
  timestamp: number
  partition: number
  offset: number
  /** `name:value`, separated by commas. */
  headers: string
  key: string
  value: string
}

interface PartitionLog {
  partition: number
  low: string
  high: string
}

/** The committed records that a topic has now, read by another client library: no code is shared with the product. */
export async function readTopic(brokers: string[], topic: string): Promise<TopicRecord[]> {
  const logs = (await logsOf(brokers, topic)).filter(({ low, high }) => low !== high)
  if (logs.length === 0) return []
  const client = new Consumer({ clientId: 'read-topic', groupId: 'none', bootstrapBrokers: brokers })
  try {
    return (await Promise.all(logs.map((log) => readPartition(client, topic, log)))).flat()
  } finally {
    await client.close(true)
  }
}

/** What each partition has: from `low` to before `high`, where the first open transaction begins. */
async function logsOf(brokers: string[], topic: string): Promise<PartitionLog[]> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    return await admin.fetchTopicOffsets(topic)
  } finally {
    await admin.disconnect()
  }
}

async function readPartition(
  client: Consumer,
  topic: string,
  { partition, low, high }: PartitionLog,
): Promise<TopicRecord[]> {
  const [first, end] = [Number(low), Number(high)]
  const batches: RecordsBatch[] = []
  const giveUp = Date.now() + PATIENCE_MS
  let cause: unknown
  for (let offset = first; offset < end; offset = nextOffset(batches.at(-1)) ?? first) {
    if (Date.now() > giveUp) throw new Error(`${topic}/${partition}: read to ${offset} of ${end}`, { cause })
    const fetched = await fetch(client, topic, partition, offset).catch((error: unknown) => {
      cause = error
      return []
    })
    if (fetched.length === 0) await sleep(RETRY_MS)
    batches.push(...fetched)
  }
  return withoutAborted(batches)
    .flatMap((batch) => toTopicRecords(partition, batch))
    .filter(({ offset }) => offset >= first && offset < end)
}

/**
 * Aborted records, too: the library is to leave them out, but of several aborted transactions of one producer in a
 * response it leaves out the last one only.
 */
async function fetch(client: Consumer, topic: string, partition: number, offset: number) {
  const described = (await client.metadata({ topics: [topic] })).topics.get(topic)
  const leader = described?.partitions[partition]?.leader
  if (!described || leader === undefined) throw new Error(`${topic}/${partition} has no leader`)
  const { responses } = await client.fetch({
    node: leader,
    isolationLevel: FetchIsolationLevels.READ_UNCOMMITTED,
    maxWaitTime: RETRY_MS,
    topics: [
      {
        topicId: described.id,
        partitions: [
          {
            partition,
            fetchOffset: BigInt(offset),
            currentLeaderEpoch: -1,
            lastFetchedEpoch: -1,
            partitionMaxBytes: MAX_PARTITION_BYTES,
          },
        ],
      },
    ],
  })
  return (responses[0]?.partitions[0]?.records ?? []).filter((batch) => (nextOffset(batch) ?? 0) > offset)
}

const nextOffset = (batch: RecordsBatch | undefined): number | undefined =>
  batch && Number(batch.firstOffset) + batch.lastOffsetDelta + 1

const toTopicRecords = (partition: number, batch: RecordsBatch): TopicRecord[] =>
  batch.records.map(({ key, value, headers, offsetDelta, timestampDelta }) => ({
    timestamp: Number(
      batch.attributes & HAS_APPEND_TIME ? batch.maxTimestamp : batch.firstTimestamp + timestampDelta,
    ),
    partition,
    offset: Number(batch.firstOffset) + offsetDelta,
    headers: headers.map(([name, content]) => `${String(name)}:${String(content)}`).join(','),
    key: String(key),
    value: String(value),
  }))
