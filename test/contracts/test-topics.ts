import { randomUUID } from 'node:crypto'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { afterAll, beforeAll, inject } from 'vitest'
import { createTopics } from '../create-topics.ts'

/** Topics of a contract test; kafkajs writes to them, independently of the tested library. */
export function createContractTopics() {
  const kafka = new Kafka({ brokers: inject('kafkaBrokers'), logLevel: logLevel.NOTHING })
  const createPartitioner = Partitioners.DefaultPartitioner
  const admin = kafka.admin()
  const plain = kafka.producer({ createPartitioner })
  const transactional = kafka.producer({
    createPartitioner,
    transactionalId: `contract-${randomUUID()}`,
    idempotent: true,
    maxInFlightRequests: 1,
    retry: { initialRetryTime: 3, maxRetryTime: 100, retries: 20 },
  })
  const topics: string[] = []

  beforeAll(() => Promise.all([admin.connect(), plain.connect(), transactional.connect()]))
  afterAll(async () => {
    await admin.deleteTopics({ topics })
    await Promise.all([admin.disconnect(), plain.disconnect(), transactional.disconnect()])
  })

  return {
    kafka,
    admin,

    async create(
      numPartitions: number,
      configEntries: { name: string; value: string }[] = [],
    ): Promise<string> {
      const topic = `contract-${randomUUID().slice(0, 8)}`
      topics.push(topic)
      await createTopics(admin, [{ topic, numPartitions, configEntries }])
      return topic
    },

    send: (topic: string, partition: number, ...values: string[]) =>
      plain.send({ topic, messages: values.map((value) => ({ value, partition })) }),

    async transact(end: 'commit' | 'abort', topic: string, partition: number, ...values: string[]) {
      const transaction = await transactional.transaction()
      await transaction.send({ topic, messages: values.map((value) => ({ value, partition })) })
      await transaction[end]()
    },
  }
}
