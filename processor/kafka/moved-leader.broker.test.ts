import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createKafka } from '../../backbone/kafka/client.ts'
import { startKafka } from '../../deploy/kafka/start-kafka.ts'
import { startWatchdog } from '../../deploy/watchdog.ts'
import { commitTransaction } from '../consume/commit-transaction.ts'
import { createOutcomeProducer } from './outcome-producer.ts'

const TOPICS = ['Notifications', 'FollowUp']
const TRANSACTIONS = 200
const MOVED_AFTER = 20
const END = 'end'

async function startCluster() {
  const dataDir = mkdtempSync(join(tmpdir(), 'moved-leader-'))
  const watchdog = startWatchdog(dataDir)
  onTestFinished(async () => {
    await watchdog.drain()
    rmSync(dataDir, { recursive: true })
  })
  const cluster = await startKafka({ dataDir, brokers: 3, watchdog, log: () => undefined })
  const kafka = createKafka(
    { KAFKA_BROKERS: cluster.bootstrap, KAFKA_TLS: false, KAFKA_SASL_PLAIN_WITHOUT_TLS: false },
    'moved-leader',
    pino({ level: 'silent' }),
  )
  const admin = kafka.admin()
  await admin.connect()
  onTestFinished(() => admin.disconnect())
  const [first = 0, ...others] = cluster.brokers.map(({ id }) => id)
  const leadBy = (topic: string, id: number) => ({
    topic,
    partitionAssignment: [{ partition: 0, replicas: [id] }],
  })
  await admin.createTopics({
    topics: TOPICS.map((topic) => ({ topic, replicaAssignment: [{ partition: 0, replicas: [first] }] })),
    waitForLeaders: true,
  })
  return {
    kafka,
    /** Gives the second topic to one of the other brokers. */
    moveLeader: (move: number) =>
      admin.alterPartitionReassignments({
        topics: [leadBy(TOPICS[1] ?? '', others[move % others.length] ?? 0)],
      }),
  }
}

test('while the leader of one topic moves, a transaction is in all topics once, or in none', {
  timeout: 120_000,
}, async () => {
  const { kafka, moveLeader } = await startCluster()
  let producer = createOutcomeProducer(kafka, 'of-0')
  await producer.connect()
  onTestFinished(() => producer.disconnect())

  const commit = async (value: string): Promise<boolean> => {
    const records = [1, 2].map(() => ({ key: null, value, headers: {} }))
    try {
      await commitTransaction(
        producer,
        TOPICS.map((topic) => ({ topic, partition: 0, records })),
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
    if (number % MOVED_AFTER === 0) await moveLeader(number / MOVED_AFTER)
  }
  while (!(await commit(END))) await sleep(100)

  const read = new Map(TOPICS.map((topic) => [topic, [] as string[]]))
  const consumer = kafka.consumer({ groupId: 'moved-leader', maxWaitTimeInMs: 100 })
  onTestFinished(() => consumer.disconnect())
  await consumer.connect()
  await consumer.subscribe({ topics: TOPICS, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, message }) => void read.get(topic)?.push(String(message.value)),
  })
  const ended = () => TOPICS.every((topic) => read.get(topic)?.filter((value) => value === END).length === 2)
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
