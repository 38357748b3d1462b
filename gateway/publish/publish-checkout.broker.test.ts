import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import pino from 'pino'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { noRefusals } from '../../backbone/kafka/testing/refusals.ts'
import { createSeededRandom } from '../../loadgen/shoppers/seeded-random.ts'
import { createTopics } from '../../test/create-topics.ts'
import { readTopic } from '../../test/read-topic.ts'
import { steadyLayout } from '../testing/steady-layout.ts'
import { createRecordProducers } from './kafkajs/record-producers.ts'
import { createPublisher } from './publish-checkout.ts'

const PARTITIONS = 6
const LIMIT_BYTES = 100_000
const brokers = inject('kafkaBrokers')
const topic = `publish-${randomUUID().slice(0, 8)}`
const limited = `${topic}-limited`
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING })
const admin = kafka.admin()

beforeAll(async () => {
  await admin.connect()
  const configEntries = [{ name: 'max.message.bytes', value: String(LIMIT_BYTES) }]
  await createTopics(admin, [
    { topic, numPartitions: PARTITIONS },
    { topic: limited, numPartitions: PARTITIONS, configEntries },
  ])
})
afterAll(async () => {
  await admin.deleteTopics({ topics: [topic, limited] })
  await admin.disconnect()
})

interface Place {
  partition: number | undefined
  offset: number | undefined
}
const byPlace = (a: Place, b: Place) =>
  (a.partition ?? 0) - (b.partition ?? 0) || (a.offset ?? 0) - (b.offset ?? 0)

function startPublisher(of: string) {
  let producers = 0
  const timeoutMs = 9_000
  const { createProducer } = createRecordProducers(kafka, { DATA_TOPIC: of, PUBLISH_TIMEOUT_MS: timeoutMs })
  const publisher = createPublisher({
    createProducer: () => {
      producers++
      return createProducer()
    },
    leaders: Promise.resolve(Array.from({ length: PARTITIONS }, () => 1)),
    findLeaders: () => Promise.reject(new Error('no partition was added')),
    assertWritable: () => Promise.resolve(),
    refusals: noRefusals,
    topic: of,
    maxWaiting: 10_000,
    maxWaitingBytes: 2 ** 25,
    timeoutMs,
    lease: steadyLayout(PARTITIONS),
    metrics: { published: () => undefined },
    log: pino({ level: 'silent' }),
  })
  return { ...publisher, producers: () => producers }
}

test('every record is where the answer says it is, once, with its key and headers', async () => {
  const publisher = startPublisher(topic)
  const records = Array.from({ length: 5_000 }, (_, number) => ({
    lane: 'purchase' as const,
    since: number,
    isDisconnected: () => false,
    partitionAmong: (partitions: number) => number % partitions,
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

test('a batch that is too large for the topic is divided: nothing is lost, doubled or out of order, and only one record is rejected', async () => {
  const publisher = startPublisher(limited)
  const random = createSeededRandom()
  random.seed(26)
  const tooLarge = new Set([300, 700])
  const placeOf = (number: number) => (random.next() < 0.8 ? number % 2 : number % PARTITIONS)
  const places = Array.from({ length: 1_000 }, (_, number) => placeOf(number))
  const records = places.map((partition, number) => ({
    lane: 'purchase' as const,
    since: number,
    isDisconnected: () => false,
    // Most are in two partitions, whose batches are far too large.
    partitionAmong: () => partition,
    key: `key-${number}`,
    value: `value-${number}-${'x'.repeat(tooLarge.has(number) ? LIMIT_BYTES : random.next() * 1_500)}`,
    headers: { 'event-id': `event-${number}`, corrections: 'c'.repeat(random.next() * 200) },
  }))
  const answers = await Promise.allSettled(records.map((record) => publisher.publish(record)))
  const afterwards = await publisher.publish({ ...records[0], key: 'key-afterwards' } as (typeof records)[0])
  await publisher.close()
  expect(publisher.producers()).toBe(1)

  const refused = answers.flatMap((answer, number) =>
    answer.status === 'rejected' ? [[number, answer.reason]] : [],
  )
  expect(refused).toEqual(
    [...tooLarge].map((number) => [number, expect.objectContaining({ code: 'record-too-large' })]),
  )
  const detail = new RegExp(
    `As a record it has 100[0-9]{3} bytes, more than max.message.bytes of the topic ${limited} allows$`,
  )
  expect(String(refused[0]?.[1])).toMatch(detail)

  const offsets = await admin.fetchTopicOffsets(limited)
  expect(offsets.reduce((sum, { high }) => sum + Number(high), 0)).toBe(999)
  const stored = await readTopic(brokers, limited)
  expect(stored).toHaveLength(999)
  const expected = answers.flatMap((answer, number) =>
    answer.status === 'fulfilled'
      ? [{ ...answer.value, key: `key-${number}`, value: records[number]?.value }]
      : [],
  )
  expected.push({ ...afterwards, key: 'key-afterwards', value: records[0]?.value })
  expect(
    stored.map(({ partition, offset, key, value }) => ({ partition, offset, key, value })).toSorted(byPlace),
  ).toEqual(expected.toSorted(byPlace))
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const numbers = stored
      .filter((record) => record.partition === partition && record.key !== 'key-afterwards')
      .map(({ key }) => Number(key.slice('key-'.length)))
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  }
}, 120_000)
