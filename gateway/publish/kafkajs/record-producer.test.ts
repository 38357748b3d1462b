import type { ProducerRecord, RecordMetadata } from 'kafkajs'
import { expect, test, vi } from 'vitest'
import { BatchTooLargeError } from '../record-producer.ts'
import { toRecordProducer } from './record-producer.ts'

/** A producer that has one send, which the test answers by hand. */
function setUp() {
  const answer = Promise.withResolvers<RecordMetadata[]>()
  const kafkajs = {
    connect: vi.fn(async () => undefined),
    disconnect: vi.fn(async () => undefined),
    send: vi.fn<(record: ProducerRecord) => Promise<RecordMetadata[]>>(() => answer.promise),
  }
  return { answer, kafkajs, producer: toRecordProducer(kafkajs, { topic: 'topic', timeoutMs: 700 }) }
}

const record = (partition: number) => ({ partition, key: 'key', value: 'value', headers: { name: 'value' } })
const ack = (partition: number, baseOffset: number): RecordMetadata => ({
  topicName: 'topic',
  partition,
  errorCode: 0,
  baseOffset: String(baseOffset),
})

test('sends only the fields of a record, and asks all in-sync replicas to acknowledge them', async () => {
  const { answer, kafkajs, producer } = setUp()
  const sent = producer.send([{ ...record(2), since: 0 }, record(0)] as never)
  expect(kafkajs.send).toHaveBeenCalledExactlyOnceWith({
    topic: 'topic',
    acks: -1,
    timeout: 700,
    messages: [record(2), record(0)],
  })
  answer.resolve([ack(0, 5), ack(2, 9)])
  expect(await sent).toEqual(
    new Map([
      [0, 5],
      [2, 9],
    ]),
  )
})

test('rejects all records when the acknowledgement leaves out a partition', async () => {
  const { answer, producer } = setUp()
  const sent = producer.send([record(0), record(1), record(2)])
  answer.resolve([ack(0, 1), ack(2, 0)])
  await expect(sent).rejects.toThrow('partitions 1 were not acknowledged')
})

test.each([
  ['MESSAGE_TOO_LARGE', true],
  ['RECORD_LIST_TOO_LARGE', true],
  ['NOT_ENOUGH_REPLICAS', false],
])('Kafka’s error %s means that a batch was too large: %s', async (type, tooLarge) => {
  const { answer, producer } = setUp()
  const sent = producer.send([record(0)])
  const error = Object.assign(new Error('as Kafka says it'), { type })
  answer.reject(error)
  const reason: unknown = await sent.catch((caught: unknown) => caught)
  expect(reason instanceof BatchTooLargeError).toBe(tooLarge)
  expect(reason).toHaveProperty('message', 'as Kafka says it')
  if (!tooLarge) expect(reason).toBe(error)
})

test.each(['resolve', 'reject'] as const)(
  'disconnects only when its last send has ended: %s',
  async (end) => {
    const { answer, kafkajs, producer } = setUp()
    const sent = producer.send([record(0)]).catch(() => undefined)
    const disconnected = producer.disconnect()
    await new Promise((resolve) => setImmediate(resolve))
    expect(kafkajs.disconnect).not.toHaveBeenCalled()
    if (end === 'resolve') answer.resolve([ack(0, 0)])
    else answer.reject(new Error('too late'))
    await Promise.all([sent, disconnected])
    expect(kafkajs.disconnect).toHaveBeenCalledOnce()
  },
)
