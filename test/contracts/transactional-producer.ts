import { randomUUID } from 'node:crypto'
import type { KafkaMessage } from 'kafkajs'
import { afterAll, beforeAll, expect, inject, onTestFinished, vi } from 'vitest'
import type { RecordHeaders } from '../../backbone/records/record.ts'
import {
  ProducerFencedError,
  type TransactionalProducer,
} from '../../processor/kafka/transactional-producer.ts'
import type { ClientLibrary, ExpectedFailures } from './client-library.ts'
import { expectedTest } from './expected-test.ts'
import { createContractTopics } from './test-topics.ts'

type Read = KafkaMessage & { partition: number }

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 50 })
const record = (value: string | null, headers: RecordHeaders = {}) => ({ key: 'k', value, headers })

/** What a processor expects of its transactions, for any client library. */
export function testTransactionalProducer(
  { createOutcomeProducer }: ClientLibrary,
  expectedFailures: ExpectedFailures = {},
): void {
  const test = expectedTest(expectedFailures)
  const topics = createContractTopics()
  const reader = topics.kafka.consumer({ groupId: `contract-${randomUUID()}`, maxWaitTimeInMs: 100 })
  const read: Read[] = []
  const valuesIn = (partition: number) =>
    read.filter((message) => message.partition === partition).map(({ value }) => String(value))
  let topic = ''

  /** Partitions 0 to 9; each test uses different ones. */
  beforeAll(async () => {
    topic = await topics.create(10)
    await reader.connect()
    await reader.subscribe({ topic, fromBeginning: true })
    await reader.run({
      autoCommit: false,
      eachMessage: async ({ message, partition }) => void read.push({ ...message, partition }),
    })
  })
  afterAll(() => reader.disconnect())

  async function connect(transactionalId: string = randomUUID()): Promise<TransactionalProducer> {
    const producer = createOutcomeProducer(inject('kafkaBrokers'), transactionalId)
    onTestFinished(() => producer.disconnect())
    await producer.connect()
    return producer
  }

  test('resolves with the offset of each record, after the marker of the previous transaction', async () => {
    const producer = await connect()
    for (const first of [0, 4]) {
      const transaction = await producer.begin()
      const records = ['a', 'b'].map((value) => record(value))
      expect(await transaction.send([{ topic, partition: 0, records }])).toEqual([first, first + 1])
      expect(await transaction.send([{ topic, partition: 0, records: [record('c')] }])).toEqual([first + 2])
      await transaction.commit()
    }
    await until(() => expect(valuesIn(0)).toEqual(['a', 'b', 'c', 'a', 'b', 'c']))
  })

  test('records of several partitions are visible together, and not before the commit', async () => {
    const producer = await connect()
    const transaction = await producer.begin()
    const both = [1, 2].map((partition) => ({ topic, partition, records: [record('a')] }))
    expect(await transaction.send(both)).toEqual([0, 0])
    await topics.send(topic, 3, 'after the sends')
    await until(() => expect(valuesIn(3)).toEqual(['after the sends']))
    expect([...valuesIn(1), ...valuesIn(2)]).toEqual([])
    await transaction.commit()
    await until(() => expect([valuesIn(1), valuesIn(2)]).toEqual([['a'], ['a']]))
  })

  test('the first transaction aborts what an earlier producer of the same transactional id left open', async () => {
    const transactionalId = randomUUID()
    const open = await (await connect(transactionalId)).begin()
    await open.send([{ topic, partition: 4, records: [record('left open')] }])
    const transaction = await (await connect(transactionalId)).begin()
    await transaction.send([{ topic, partition: 4, records: [record('a')] }])
    await transaction.commit()
    await until(() => expect(valuesIn(4)).toEqual(['a']))
  })

  test('a fenced producer cannot commit, and gets a ProducerFencedError', async () => {
    const transactionalId = randomUUID()
    const fenced = await connect(transactionalId)
    const open = await fenced.begin()
    await open.send([{ topic, partition: 5, records: [record('fenced')] }])
    const transaction = await (await connect(transactionalId)).begin()
    await expect(open.commit()).rejects.toThrow(ProducerFencedError)
    await transaction.send([{ topic, partition: 5, records: [record('a')] }])
    await transaction.commit()
    await until(() => expect(valuesIn(5)).toEqual(['a']))
  })

  test('a fenced producer cannot send, and gets a ProducerFencedError', async () => {
    const transactionalId = randomUUID()
    const fenced = await connect(transactionalId)
    const first = await fenced.begin()
    await first.send([{ topic, partition: 9, records: [record('a')] }])
    await first.commit()
    await (await connect(transactionalId)).begin()
    const sending = fenced
      .begin()
      .then((open) => open.send([{ topic, partition: 9, records: [record('x')] }]))
    await expect(sending).rejects.toThrow(ProducerFencedError)
  })

  test('sends more at once than Kafka accepts in a batch, in order', async () => {
    const producer = await connect()
    const transaction = await producer.begin()
    const values = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(400_000))
    const records = values.map((value) => record(value))
    expect(await transaction.send([{ topic, partition: 6, records }])).toEqual([0, 1, 2, 3])
    await transaction.commit()
    await until(() => expect(valuesIn(6).map((value) => value[0])).toEqual(['a', 'b', 'c', 'd']))
  })

  const sendAlone = async (partition: number, headers: RecordHeaders) => {
    const transaction = await (await connect()).begin()
    await transaction.send([{ topic, partition, records: [{ key: null, value: null, headers }] }])
    await transaction.commit()
    const stored = () => read.find((message) => message.partition === partition)
    await until(() => expect(stored()).toBeDefined())
    return stored()
  }

  test('sends a record without key and value, and headers without a value or of any name', async () => {
    const stored = await sendAlone(7, { empty: undefined, constructor: Buffer.from('a') })
    expect(stored).toMatchObject({ key: null, value: null })
    expect(stored?.headers?.['empty']).toEqual(Buffer.alloc(0))
    // kafkajs, which reads the record here, adds the inherited member.
    expect(stored?.headers?.['constructor']).toContainEqual(Buffer.from('a'))
  })

  test('sends several headers of one name, in order', async () => {
    const stored = await sendAlone(8, { twice: [Buffer.from('a'), Buffer.from('b')] })
    expect(stored?.headers?.['twice']).toEqual([Buffer.from('a'), Buffer.from('b')])
  })
}
