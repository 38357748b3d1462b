import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { expect, inject, test } from 'vitest'
import { createTopics } from './create-topics.ts'
import { readTopic } from './read-topic.ts'

test('committed records are read with all that they have; aborted and open ones are not', async () => {
  const brokers = inject('kafkaBrokers')
  const topic = `read-topic-${randomUUID().slice(0, 8)}`
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }]
  await createTopics(admin, [{ topic, numPartitions: 2, configEntries }])
  const begin = Date.now()
  const producer = kafka.producer({ transactionalId: topic, idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  async function write(value: string | null, end?: 'commit' | 'abort') {
    const transaction = await producer.transaction()
    const headers = { one: 'a', more: ['b', 'c'] }
    // Long ago: the topic has times of its own.
    await transaction.send({ topic, messages: [{ partition: 1, key: 'k', value, headers, timestamp: '1' }] })
    if (end) await transaction[end]()
  }
  await write('ñ\tand\nline', 'commit')
  for (let times = 0; times < 3; times++) await write('aborted', 'abort')
  await write(null, 'commit')
  await write('open')

  const records = await readTopic(brokers, topic)
  expect(records).toMatchObject([
    { partition: 1, offset: 0, key: 'k', value: 'ñ\tand\nline', headers: 'one:a,more:b,more:c' },
    { partition: 1, offset: 8, key: 'k', value: 'null' },
  ])
  for (const { timestamp } of records) expect(timestamp).toBeGreaterThanOrEqual(begin)
  await producer.disconnect()
  await admin.deleteTopics({ topics: [topic] })
  await admin.disconnect()
})
