import {
  type Consumer,
  FetchIsolationLevels,
  findErrorBy,
  type KafkaRecord,
  type RecordsBatch,
} from '@platformatic/kafka'
import type { RecordHeaders, StoredRecord } from '../../backbone/records/record.ts'
import type { RecordBatch } from '../../processor/kafka/partition-consumer.ts'

/** A batch that may have no records. */
export type FetchedBatch = Pick<
  RecordBatch,
  'partition' | 'records' | 'firstOffset' | 'lastOffset' | 'highWatermark'
>

// Kafka protocol, Record Batch: attributes, bit 5.
const IS_CONTROL = 0b10_0000
const MAX_PARTITION_BYTES = 1024 * 1024

/** Fetches committed records; the library leaves out aborted ones. Undefined when the offset is out of range. */
export async function fetchPartition(
  client: Consumer,
  topic: string,
  partition: number,
  offset: number,
): Promise<FetchedBatch | undefined> {
  const metadata = await client.metadata({ topics: [topic] })
  const described = metadata.topics.get(topic)
  const leader = described?.partitions[partition]?.leader
  if (!described || leader === undefined) throw new Error(`${topic}/${partition} has no leader`)
  const wanted = {
    partition,
    fetchOffset: BigInt(offset),
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
    partitionMaxBytes: MAX_PARTITION_BYTES,
  }
  try {
    const { responses } = await client.fetch({
      node: leader,
      isolationLevel: FetchIsolationLevels.READ_COMMITTED,
      topics: [{ topicId: described.id, partitions: [wanted] }],
    })
    const fetched = responses[0]?.partitions.find(({ partitionIndex }) => partitionIndex === partition)
    return {
      ...toRecords(fetched?.records ?? [], offset),
      partition,
      firstOffset: Math.max(offset, Number(fetched?.logStartOffset ?? 0)),
      highWatermark: Number(fetched?.highWatermark ?? 0),
    }
  } catch (error) {
    if (error instanceof Error && findErrorBy(error, 'apiId', 'OFFSET_OUT_OF_RANGE')) return undefined
    throw error
  }
}

function toRecords(batches: RecordsBatch[], offset: number): Pick<FetchedBatch, 'records' | 'lastOffset'> {
  const records = batches
    .filter(({ attributes }) => (attributes & IS_CONTROL) === 0)
    .flatMap((batch) => batch.records.map((record) => toStoredRecord(batch, record)))
    .filter((record) => Number(record.offset) >= offset)
  const last = batches.at(-1)
  return { records, lastOffset: last ? Number(last.firstOffset) + last.lastOffsetDelta : offset - 1 }
}

const toStoredRecord = (batch: RecordsBatch, record: KafkaRecord): StoredRecord => ({
  key: record.key,
  value: record.value,
  headers: toHeaders(record.headers),
  offset: String(batch.firstOffset + BigInt(record.offsetDelta)),
  timestamp: String(batch.firstTimestamp + record.timestampDelta),
})

function toHeaders(entries: KafkaRecord['headers']): RecordHeaders {
  const byName = Map.groupBy(entries, ([name]) => String(name ?? ''))
  return Object.fromEntries(
    Array.from(byName, ([name, found]) => {
      const values = found.map(([, value]) => value ?? Buffer.alloc(0))
      return [name, values.length > 1 ? values : values[0]]
    }),
  )
}
