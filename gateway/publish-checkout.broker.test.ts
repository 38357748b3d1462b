import { randomUUID } from 'node:crypto'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import pino from 'pino'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { readTopic } from '../test/read-topic.ts'
import { createPublisher } from './publish-checkout.ts'

const PARTITIONS = 6
const brokers = inject('kafkaBrokers')
const topic = `publish-${randomUUID().slice(0, 8)}`
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING })
const admin = kafka.admin()

beforeAll(async () => {
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true })
})
afterAll(async () => {
  await admin.deleteTopics({ topics: [topic] })
  await admin.disconnect()
})

interface Place {
  partition: number | undefined
  offset: number | undefined
}
const byPlace = (a: Place, b: Place) =>
  (a.partition ?? 0) - (b.partition ?? 0) || (a.offset ?? 0) - (b.offset ?? 0)

test('every record is where the answer says it is, once, with its key and headers', async () => {
  const publisher = createPublisher({
    createProducer: () =>
      kafka.producer({
        idempotent: true,
        maxInFlightRequests: 1,
        createPartitioner: Partitioners.DefaultPartitioner,
      }),
    topic,
    maxWaiting: 10_000,
    maxWaitingBytes: 2 ** 25,
    timeoutMs: 9_000,
    metrics: { published: () => undefined },
    log: pino({ level: 'silent' }),
  })
  const records = Array.from({ length: 5_000 }, (_, number) => ({
    lane: 'purchase' as const,
    since: number,
    gone: () => false,
    partition: number % PARTITIONS,
    key: `key-${number}`,
    value: `value-${number}-${'x'.repeat(number % 2_000)}`,
    headers: { 'event-id': `event-${number}` },
  }))
  const answers = await Promise.all(records.map((record) => publisher.publish(record)))
  await publisher.close()

  const expected = records.map(({ key, value }, number) => ({
    partition: answers[number]?.partition,
    offset: answers[number]?.offset,
    key,
    value,
    headers: `event-id:event-${number}`,
    timestamp: expect.any(Number),
  }))
  expect((await readTopic(brokers, topic)).toSorted(byPlace)).toEqual(expected.toSorted(byPlace))
})
