import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { createTopics } from '../../test/create-topics.ts'
import { createTopicAdmin } from './topic-admin.ts'

const kafka = new Kafka({ brokers: inject('kafkaBrokers'), logLevel: logLevel.NOTHING })
const admin = createTopicAdmin(kafka)
const creator = kafka.admin()
const topics = ['one', 'other', 'third'].map((name) => `${name}-${randomUUID()}`)

beforeAll(async () => {
  await Promise.all([admin.connect(), creator.connect()])
  await createTopics(
    creator,
    topics.map((topic) => ({ topic, numPartitions: 1 })),
  )
  // A leader may not know yet that it is one.
  for (const topic of topics) await vi.waitFor(() => admin.fetchTopicOffsets(topic), { timeout: 20_000 })
})
afterAll(async () => {
  await creator.deleteTopics({ topics })
  await Promise.all([admin.disconnect(), creator.disconnect()])
})

test('tells the ends of a topic while it is asked about others', async () => {
  const [one = '', ...others] = topics
  const failures: unknown[] = []
  const repeat = async (ask: (round: number) => Promise<unknown>) => {
    for (let round = 0; round < 200; round++) await ask(round).catch((error: unknown) => failures.push(error))
  }
  await Promise.all([
    repeat(() => admin.fetchTopicOffsets(one)),
    repeat(() => admin.fetchOffsetsAt(one, 0)),
    repeat((round) => admin.countPartitions(others[round % others.length] ?? '')),
  ])
  expect(failures).toEqual([])
})
