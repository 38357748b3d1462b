import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startWatchdog, type Watchdog } from '../watchdog.ts'
import { startKafka } from './start-kafka.ts'

const topic = 'kept'
let dataDir: string
let watchdog: Watchdog

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'start-kafka-'))
  watchdog = startWatchdog(dataDir)
  return () => rmSync(dataDir, { recursive: true })
})
afterEach(() => watchdog.drain())

const silent = () => undefined

const connect = (brokers: string[]) => new Kafka({ brokers, logLevel: logLevel.NOTHING })

async function write(brokers: string[], value: string) {
  const producer = connect(brokers).producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  await producer.send({ topic, acks: -1, messages: [{ value }] })
  await producer.disconnect()
}

async function withAdmin<T>(brokers: string[], use: (admin: ReturnType<Kafka['admin']>) => Promise<T>) {
  const admin = connect(brokers).admin()
  await admin.connect()
  try {
    return await use(admin)
  } finally {
    await admin.disconnect()
  }
}

const written = (brokers: string[]) =>
  withAdmin(brokers, async (admin) => (await admin.fetchTopicOffsets(topic))[0]?.high)

test('one broker keeps its data when it is killed, and when the next start is on another port', {
  timeout: 90_000,
}, async () => {
  const kafka = await startKafka({ dataDir, brokers: 1, watchdog, log: silent })
  await withAdmin(kafka.bootstrap, (admin) => admin.createTopics({ topics: [{ topic }] }))
  await write(kafka.bootstrap, 'before the kill')
  const [broker] = kafka.brokers
  await broker?.child.kill('SIGKILL')
  broker?.child.start()
  await broker?.ready()
  await write(kafka.bootstrap, 'after the kill')
  await watchdog.drain()

  watchdog = startWatchdog(dataDir)
  const again = await startKafka({ dataDir, brokers: 1, watchdog, log: silent })
  expect(again.bootstrap).not.toEqual(kafka.bootstrap)
  expect(await written(again.bootstrap)).toBe('2')
})

test('three brokers do without one of them, and take it back', { timeout: 90_000 }, async () => {
  const kafka = await startKafka({ dataDir, brokers: 3, watchdog, log: silent })
  const [first, ...others] = kafka.brokers
  await withAdmin(kafka.bootstrap, async (admin) => {
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic }] })
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    expect(topics[0]?.partitions[0]?.replicas).toHaveLength(3)
  })
  await first?.child.kill('SIGKILL')
  await write(
    others.map(({ port }) => `127.0.0.1:${port}`),
    'while one is away',
  )
  first?.child.start()
  await first?.ready()
  expect(await written(kafka.bootstrap)).toBe('1')
})
