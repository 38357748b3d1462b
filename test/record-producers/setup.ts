import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { KafkaSettings } from '../../backbone/kafka/client.ts'
import type {
  OutgoingRecord,
  RecordProducer,
  RecordProducers,
} from '../../gateway/publish/record-producer.ts'
import { createTopics } from '../create-topics.ts'
import type { SecuredKafka } from '../secured-kafka.ts'
import type { ReadRecord, ReadRecords } from './read-records.ts'

export const PARTITIONS = 3
export const TIMEOUT_MS = 5_000

/** {@link WRITER} may write to topics whose names have this prefix. */
export const WRITABLE = 'writable-'
export const READABLE = 'readable-'
export const WRITER = 'writer'

export interface Setup {
  kafka: SecuredKafka
  readRecords: ReadRecords
  /** Producers for a topic, at the listener without access control. */
  producersOf: (topic: string, timeoutMs?: number) => RecordProducers
  /** The same, at the listener with access control. */
  producersOfWriter: (topic: string) => RecordProducers
}

export type Place = Pick<OutgoingRecord, 'partition'> & { offset: number }

export const record = (partition: number, key: string, value = 'value'): OutgoingRecord => ({
  partition,
  key,
  value,
  headers: {},
})
export const byPlace = (a: Place, b: Place) => a.partition - b.partition || a.offset - b.offset

/** The position of each record of a request, from the base offsets that `send` resolved with. */
export function placesOf(records: readonly OutgoingRecord[], baseOffsets: ReadonlyMap<number, number>) {
  const next = new Map(baseOffsets)
  return records.map(({ partition, key }) => {
    const offset = next.get(partition) ?? Number.NaN
    next.set(partition, offset + 1)
    return { partition, offset, key }
  })
}

export async function createTopic(kafka: SecuredKafka, prefix = '', config: Record<string, string> = {}) {
  const topic = `${prefix}contract-${randomUUID().slice(0, 8)}`
  const admin = kafka.kafka.admin()
  await admin.connect()
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }))
  await createTopics(admin, [{ topic, numPartitions: PARTITIONS, configEntries }])
  await admin.disconnect()
  return topic
}

/** All records of a topic, by partition and offset. */
export async function readTopic({ kafka, readRecords }: Setup, topic: string): Promise<ReadRecord[]> {
  const admin = kafka.kafka.admin()
  await admin.connect()
  const offsets = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  const count = offsets.reduce((sum, { high }) => sum + Number(high), 0)
  if (count === 0) return []
  return (await readRecords(kafka.bootstrap, topic, count)).toSorted(byPlace)
}

export async function connect({ createProducer }: RecordProducers): Promise<RecordProducer> {
  const producer = createProducer()
  await producer.connect()
  return producer
}

export const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it resolved'),
    (error: unknown) => error,
  )

export const plainSettings = (kafka: SecuredKafka): KafkaSettings => ({
  KAFKA_BROKERS: kafka.bootstrap,
  KAFKA_TLS: false,
  KAFKA_SASL_PLAIN_WITHOUT_TLS: false,
})

export const settingsOfWriter = (kafka: SecuredKafka): KafkaSettings => ({
  ...plainSettings(kafka),
  KAFKA_BROKERS: [`127.0.0.1:${kafka.ports.sasl}`],
  KAFKA_SASL_MECHANISM: 'plain',
  KAFKA_SASL_USERNAME: WRITER,
  KAFKA_SASL_PASSWORD_FILE: kafka.passwordFile,
})
