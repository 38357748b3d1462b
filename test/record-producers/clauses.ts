import { randomUUID } from 'node:crypto'
import { expect, vi } from 'vitest'
import type { KafkaSettings } from '../../backbone/kafka/client.ts'
import { refusalOf } from '../../backbone/kafka/refusal.ts'
import { BatchTooLargeError } from '../../gateway/publish/record-producer.ts'
import { createSeededRandom } from '../../loadgen/shoppers/seeded-random.ts'
import { keepSending } from './keep-sending.ts'
import {
  byPlace,
  connect,
  createTopic,
  PARTITIONS,
  type Place,
  placesOf,
  READABLE,
  readTopic,
  record,
  rejection,
  type Setup,
  settingsOfWriter,
  WRITABLE,
} from './setup.ts'

const LIMIT_BYTES = 20_000

/** The gateway's description of an error: see watch-refusals.ts. */
const refusedBy = (error: unknown, topic: string, settings: KafkaSettings) =>
  refusalOf(error, { operation: 'Write', topic }, settings, { authentication: () => undefined })?.what

type StoredKey = Place & { key: string }

/** The topic has these records, and no others. */
async function expectStored(setup: Setup, topic: string, expected: StoredKey[]): Promise<void> {
  const stored = await readTopic(setup, topic)
  expect(stored.map(({ partition, offset, key }) => ({ partition, offset, key }))).toEqual(
    expected.toSorted(byPlace),
  )
}

/** What the gateway expects of every client library: test titles and their checks. */
export const clauses = {
  async 'records arrive in the given partitions, with key, value and headers as they were'(setup: Setup) {
    const { kafka, producersOf } = setup
    const topic = await createTopic(kafka)
    const producer = await connect(producersOf(topic))
    const texts = ['plain', 'ñandú €', '😀', '{"a":"\\u0000"}', ' ', '', 'x'.repeat(300)]
    const records = texts.flatMap((text, n) =>
      texts.map((other, m) => ({
        partition: (n + m) % PARTITIONS,
        key: `${n} ${m} ${text}`,
        value: other,
        headers: { owner: text, 'event-id': other, señal: 'ü' },
      })),
    )
    const places = placesOf(records, await producer.send(records))
    await producer.disconnect()
    const expected = records.map((each, index) => Object.assign(each, places[index]))
    expect(await readTopic(setup, topic)).toEqual(expected.toSorted(byPlace))
  },

  async 'base offsets are where the first records are, and each partition keeps the order'(setup: Setup) {
    const { kafka, producersOf } = setup
    const topic = await createTopic(kafka)
    const producer = await connect(producersOf(topic))
    const random = createSeededRandom()
    random.seed(27)
    const expected: StoredKey[] = []
    for (let request = 0; request < 40; request++) {
      const records = Array.from({ length: 1 + Math.floor(random.next() * 60) }, (_, n) =>
        record(Math.floor(random.next() * PARTITIONS), `${request}-${n}`),
      )
      const baseOffsets = await producer.send(records)
      expect(new Set(baseOffsets.keys())).toEqual(new Set(records.map(({ partition }) => partition)))
      expected.push(...placesOf(records, baseOffsets))
    }
    await producer.disconnect()
    await expectStored(setup, topic, expected)
  },

  async 'a batch that is too large is reported and not stored, and the producer works as before'(
    setup: Setup,
  ) {
    const { kafka, producersOf } = setup
    const topic = await createTopic(kafka, '', { 'max.message.bytes': String(LIMIT_BYTES) })
    const producer = await connect(producersOf(topic))
    const offsets: (number | undefined)[] = []
    for (const key of ['first', 'second', 'third']) {
      offsets.push((await producer.send([record(1, key)])).get(1))
      const error = await rejection(producer.send([record(1, 'large', 'x'.repeat(LIMIT_BYTES))]))
      expect(error).toBeInstanceOf(BatchTooLargeError)
    }
    await producer.disconnect()
    expect(offsets).toEqual([0, 1, 2])
    const stored = await readTopic(setup, topic)
    expect(stored.map(({ key }) => key)).toEqual(['first', 'second', 'third'])
  },

  async 'a partition that the topic does not have is never another one'(setup: Setup) {
    const { kafka, producersOf } = setup
    const topic = await createTopic(kafka)
    const producer = await connect(producersOf(topic, 1_000))
    await rejection(producer.send([record(PARTITIONS, 'nowhere')]))
    await producer.disconnect()
    expect(await readTopic(setup, topic)).toEqual([])
  },

  async 'a topic that is missing is reported and not created'(setup: Setup) {
    const { kafka, producersOf } = setup
    const topic = `missing-${randomUUID().slice(0, 8)}`
    const producer = producersOf(topic, 1_000).createProducer()
    await rejection(producer.connect().then(() => producer.send([record(0, 'nowhere')])))
    await producer.disconnect()
    const admin = kafka.kafka.admin()
    await admin.connect()
    expect(await admin.listTopics()).not.toContain(topic)
    await admin.disconnect()
  },

  async 'a missing right is reported as such, and checking for it writes nothing'({
    kafka,
    producersOfWriter,
  }: Setup) {
    const settings = settingsOfWriter(kafka)
    const forbidden = await createTopic(kafka, READABLE)
    const refused = `Kafka refused Write on topic ${forbidden}`
    const producers = producersOfWriter(forbidden)
    expect(refusedBy(await rejection(producers.assertWritable()), forbidden, settings)).toBe(refused)
    const producer = producers.createProducer()
    const sent = producer.connect().then(() => producer.send([record(0, 'forbidden')]))
    expect(refusedBy(await rejection(sent), forbidden, settings)).toBe(refused)
    await producer.disconnect()

    const allowed = await createTopic(kafka, WRITABLE)
    await producersOfWriter(allowed).assertWritable()
    const writer = await connect(producersOfWriter(allowed))
    expect(await writer.send([record(0, 'allowed')])).toEqual(new Map([[0, 0]]))
    await writer.disconnect()
  },

  async 'a send that is in progress ends before disconnect does, and nothing is stored afterwards'(
    setup: Setup,
  ) {
    const { kafka, producersOf } = setup
    const topic = await createTopic(kafka)
    const producer = await connect(producersOf(topic))
    const records = Array.from({ length: 900 }, (_, n) => record(n % PARTITIONS, `${n}`, 'x'.repeat(500)))
    const ended = vi.fn()
    const sent = producer.send(records).finally(ended)
    await producer.disconnect()
    expect(ended).toHaveBeenCalledOnce()
    const places = placesOf(records, await sent)
    await rejection(producer.send([record(0, 'afterwards')]))
    await expectStored(setup, topic, places)
  },

  async 'after a broker was killed and has returned, each acknowledged record is there exactly once'(
    setup: Setup,
  ) {
    const { kafka, producersOf } = setup
    const topic = await createTopic(kafka)
    const acknowledged: StoredKey[] = []
    const stopping = new AbortController()
    const sending = keepSending(producersOf(topic), acknowledged, stopping.signal)
    const more = async (count: number) => {
      const enough = acknowledged.length + count
      await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(enough), { timeout: 60_000 })
    }
    for (let kills = 0; kills < 2; kills++) {
      await more(100)
      await kafka.broker?.kill('SIGKILL')
      kafka.broker?.start()
    }
    await more(100)
    stopping.abort()
    await sending
    const stored = Map.groupBy(await readTopic(setup, topic), ({ key }) => key)
    const found = acknowledged.map(({ key }) =>
      (stored.get(key) ?? []).map(({ partition, offset }) => ({ partition, offset, key })),
    )
    expect(found).toEqual(acknowledged.map((place) => [place]))
  },
}
