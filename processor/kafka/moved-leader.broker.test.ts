import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { createKafka } from '../../backbone/kafka/client.ts'
import { startKafka } from '../../deploy/kafka/start-kafka.ts'
import { startWatchdog } from '../../deploy/watchdog.ts'
import { createTopics } from '../../test/create-topics.ts'
import { commitTransaction } from '../consume/commit-transaction.ts'
import { createOutcomeProducer } from './outcome-producer.ts'
import { openObservedWriter } from './testing/observed-writer.ts'

const TRANSACTIONS = 200
const MOVED_AFTER = 20
const END = 'end'
const SOON = { timeout: 20_000, interval: 50 }

let cluster: Awaited<ReturnType<typeof startCluster>>
beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster.stop())

async function startCluster() {
  const dataDir = mkdtempSync(join(tmpdir(), 'moved-leader-'))
  const watchdog = startWatchdog(dataDir)
  const { bootstrap, brokers } = await startKafka({ dataDir, brokers: 3, watchdog, log: () => undefined })
  const kafka = createKafka(
    { KAFKA_BROKERS: bootstrap, KAFKA_TLS: false, KAFKA_SASL_PLAIN_WITHOUT_TLS: false },
    'moved-leader',
    pino({ level: 'silent' }),
  )
  const admin = kafka.admin()
  await admin.connect()
  return {
    kafka,
    ids: brokers.map(({ id }) => id),
    /** Each topic has one partition; `leaders`: ids by topic. */
    create: (leaders: Record<string, number>) =>
      createTopics(
        admin,
        Object.entries(leaders).map(([topic, id]) => ({
          topic,
          replicaAssignment: [{ partition: 0, replicas: [id] }],
        })),
      ),
    moveLeader: (topic: string, id: number) =>
      admin.alterPartitionReassignments({
        topics: [{ topic, partitionAssignment: [{ partition: 0, replicas: [id] }] }],
      }),
    moved: (topic: string, id: number) =>
      vi.waitFor(async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
        expect(topics[0]?.partitions[0]?.leader).toBe(id)
      }, SOON),
    async stop(): Promise<void> {
      await admin.disconnect()
      await watchdog.drain()
      rmSync(dataDir, { recursive: true })
    },
  }
}

test('while the leader of one topic moves, a transaction is in all topics once, or in none', {
  timeout: 120_000,
}, async () => {
  const { kafka, ids, create, moveLeader } = cluster
  const [first = 0, ...others] = ids
  const topics = ['Notifications', 'FollowUp']
  await create(Object.fromEntries(topics.map((topic) => [topic, first])))
  let producer = createOutcomeProducer(kafka, 'of-0')
  await producer.connect()
  onTestFinished(() => producer.disconnect())

  const commit = async (value: string): Promise<boolean> => {
    const records = [1, 2].map(() => ({ key: null, value, headers: {} }))
    try {
      await commitTransaction(
        producer,
        topics.map((topic) => ({ topic, partition: 0, records })),
      )
      return true
    } catch {
      await producer.disconnect()
      producer = createOutcomeProducer(kafka, 'of-0')
      await producer.connect()
      return false
    }
  }

  const committed: string[] = []
  for (let number = 0; number < TRANSACTIONS; number++) {
    if (await commit(String(number))) committed.push(String(number))
    if (number % MOVED_AFTER === 0)
      await moveLeader('FollowUp', others[(number / MOVED_AFTER) % others.length] ?? 0)
  }
  while (!(await commit(END))) await sleep(100)

  const read = new Map(topics.map((topic) => [topic, [] as string[]]))
  const consumer = kafka.consumer({ groupId: 'moved-leader', maxWaitTimeInMs: 100 })
  onTestFinished(() => consumer.disconnect())
  await consumer.connect()
  await consumer.subscribe({ topics, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, message }) => void read.get(topic)?.push(String(message.value)),
  })
  const ended = () => topics.every((topic) => read.get(topic)?.filter((value) => value === END).length === 2)
  await vi.waitFor(() => expect(ended()).toBe(true), { timeout: 60_000, interval: 100 })

  const [notifications = [], followUps = []] = read.values()
  expect(followUps).toEqual(notifications)
  const found = notifications.filter((value) => value !== END)
  // Both records of a transaction, next to each other, and no third one.
  expect(found).toEqual([...new Set(found)].flatMap((value) => [value, value]))
  expect(new Set(found)).toEqual(new Set([...committed, ...found]))
  // The moves did not end every transaction that was sending.
  expect(committed.length).toBeGreaterThan(TRANSACTIONS / 2)
})

test('one request goes to each leader, and a batch that a former leader refuses goes to the present one', async () => {
  const [first = 0, second = 0, third = 0] = cluster.ids
  await cluster.create({ kept: first, moving: second, also: first })
  const writer = await openObservedWriter(cluster.kafka)
  onTestFinished(writer.close)
  const record = { key: null, value: 'a', headers: {} }
  const batches = () => [
    writer.number('kept', 0, [record, record]),
    writer.number('moving', 0, [record]),
    writer.number('also', 0, [record]),
  ]
  expect(await writer.write(batches())).toEqual([0, 0, 0])
  const both = [`${first}: kept/0, also/0`, `${second}: moving/0`]
  expect(writer.requests.splice(0).toSorted()).toEqual(both.toSorted())

  await cluster.moveLeader('moving', third)
  await cluster.moved('moving', third)
  expect(await writer.write(batches())).toEqual([2, 1, 1])
  expect(writer.requests.splice(0, 2).toSorted()).toEqual(both.toSorted())
  expect(new Set(writer.requests)).toContain(`${third}: moving/0`)
  expect(writer.requests.every((request) => request.endsWith(': moving/0'))).toBe(true)
  await writer.commit()
})
