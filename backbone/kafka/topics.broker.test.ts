import { randomUUID } from 'node:crypto'
import { ConfigResourceTypes, type ITopicConfig, Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest'
import { readTopic } from '../../test/read-topic.ts'
import { lanePartitions } from '../records/partition.ts'
import { createTopicAdmin } from './topic-admin.ts'
import {
  createPartitionCounter,
  ensureFiguresTopic,
  ensureHistoryTopic,
  ensureTopics,
  partitionCount,
  type TopicSettings,
} from './topics.ts'

const kafka = new Kafka({ brokers: inject('kafkaBrokers'), logLevel: logLevel.NOTHING })
const admin = kafka.admin()
const topicAdmin = createTopicAdmin(kafka)
/** Topics beside the data path. */
const ASIDE = { deadLetters: 3, followUps: 3 }
const used: TopicSettings[] = []
let settings: TopicSettings

beforeAll(() => Promise.all([admin.connect(), topicAdmin.connect()]))

beforeEach(() => {
  const run = randomUUID().slice(0, 8)
  settings = {
    DATA_TOPIC: `data-${run}`,
    NOTIFICATIONS_TOPIC: `notifications-${run}`,
    DEAD_LETTER_TOPIC: `dead-letter-${run}`,
    FOLLOW_UP_TOPIC: `follow-up-${run}`,
    FIGURES_TOPIC: `figures-${run}`,
    HISTORY_TOPIC: `history-${run}`,
    LAYOUT_TOPIC: `layout-${run}`,
    PARTITIONS: 6,
    RETENTION_HOURS: 12,
  }
  used.push(settings)
})

afterAll(async () => {
  const existing = await admin.listTopics()
  const topics = [
    ...used.flatMap(namesOf),
    ...used.flatMap(({ FIGURES_TOPIC, HISTORY_TOPIC }) => [FIGURES_TOPIC, HISTORY_TOPIC]),
  ].filter((topic) => existing.includes(topic))
  await admin.deleteTopics({ topics })
  await Promise.all([admin.disconnect(), topicAdmin.disconnect()])
})

describe('a missing topic', () => {
  test('is created with the partitions and the retention of the settings', async () => {
    expect(await ensureTopics(topicAdmin, settings)).toEqual({ data: 6, notifications: 6, ...ASIDE })
    expect(await partitionCounts()).toEqual([6, 6, 3, 3])
    for (const topic of namesOf(settings)) {
      expect(await configOf(topic, 'retention.ms')).toBe(String(12 * 3_600_000))
    }
  })

  test('has min(3, brokers) replicas, and the lanes have leaders of their own', async () => {
    await ensureTopics(topicAdmin, settings)
    const { brokers } = await admin.describeCluster()
    await partitionCounts()
    const { topics } = await admin.fetchTopicMetadata({ topics: namesOf(settings) })
    for (const { replicas } of topics.flatMap(({ partitions }) => partitions)) {
      expect(new Set(replicas).size).toBe(Math.min(3, brokers.length))
    }
    const data = topics.find(({ name }) => name === settings.DATA_TOPIC)?.partitions ?? []
    const { first } = lanePartitions('browse', data.length)
    const preferred = (of: typeof data) => new Set(of.map(({ replicas }) => replicas[0]))
    const purchase = preferred(data.filter(({ partitionId }) => partitionId < first))
    const browse = preferred(data.filter(({ partitionId }) => partitionId >= first))
    expect(purchase.isDisjointFrom(browse)).toBe(brokers.length > 1)
  })

  test('takes an outcome, a dead letter or a follow-up of the largest record that DataTopic takes', async () => {
    await ensureTopics(topicAdmin, settings)
    const largest = Number(await configOf(settings.DATA_TOPIC, 'max.message.bytes'))
    for (const topic of [
      settings.NOTIFICATIONS_TOPIC,
      settings.DEAD_LETTER_TOPIC,
      settings.FOLLOW_UP_TOPIC,
    ]) {
      expect(Number(await configOf(topic, 'max.message.bytes'))).toBeGreaterThanOrEqual(3 * largest)
    }
  })

  test('keeps what a process with a wrong clock writes by the clock of Kafka', async () => {
    await ensureTopics(topicAdmin, settings)
    const began = Date.now()
    const clocks = [0, Date.UTC(2001, 0), began + 86_400_000]
    const producer = kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    for (const topic of namesOf(settings)) {
      for (const clock of clocks) {
        await producer.send({ topic, messages: [{ value: '{}', timestamp: String(clock) }] })
      }
    }
    await producer.disconnect()
    const topics = namesOf(settings).map((topic) => readTopic(inject('kafkaBrokers'), topic))
    for (const records of await Promise.all(topics)) {
      const timestamps = records.map(({ timestamp }) => timestamp)
      expect(timestamps).toHaveLength(clocks.length)
      for (const timestamp of timestamps) {
        expect(timestamp).toBeGreaterThanOrEqual(began)
        expect(timestamp).toBeLessThanOrEqual(Date.now())
      }
    }
  })

  test('is created once when many processes start together', async () => {
    const admins = Array.from({ length: 8 }, () => createTopicAdmin(kafka))
    await Promise.all(admins.map((each) => each.connect()))
    const counts = await Promise.all(admins.map((each) => ensureTopics(each, settings)))
    expect(counts).toEqual(admins.map(() => ({ data: 6, notifications: 6, ...ASIDE })))
    expect(await partitionCounts()).toEqual([6, 6, 3, 3])
    await Promise.all(admins.map((each) => each.disconnect()))
  })

  test('follows the topic that is there, whatever the settings say', async () => {
    await create({ topic: settings.DATA_TOPIC, numPartitions: 4 })
    expect(await ensureTopics(topicAdmin, settings)).toEqual({ data: 4, notifications: 4, ...ASIDE })
    expect(await partitionCounts()).toEqual([4, 4, 3, 3])
  })
})

test('the topic of the history keeps the last record of each key, however old', async () => {
  const topic = settings.HISTORY_TOPIC
  await ensureHistoryTopic(topicAdmin, topic)
  expect(await partitionCount(topicAdmin, topic)).toBe(1)
  expect(await configOf(topic, 'cleanup.policy')).toBe('compact')
  expect(await configOf(topic, 'min.compaction.lag.ms')).toBe(String(15 * 60_000))
})

describe('the topic of figures', () => {
  test('keeps the last record of each key, and all of the last 15 minutes', async () => {
    const topic = settings.FIGURES_TOPIC
    const admins = Array.from({ length: 4 }, () => createTopicAdmin(kafka))
    await Promise.all(admins.map((each) => each.connect()))
    await Promise.all(admins.map((each) => ensureFiguresTopic(each, topic)))
    await Promise.all(admins.map((each) => each.disconnect()))
    expect(await partitionCount(topicAdmin, topic)).toBe(1)
    const config = {
      'cleanup.policy': 'compact,delete',
      'min.compaction.lag.ms': String(15 * 60_000),
      'segment.ms': String(5 * 60_000),
      'retention.ms': String(24 * 3_600_000),
      'message.timestamp.type': 'LogAppendTime',
    }
    for (const [name, value] of Object.entries(config)) expect(await configOf(topic, name)).toBe(value)
  })

  test('is not altered when it exists', async () => {
    await create({ topic: settings.FIGURES_TOPIC, numPartitions: 2 })
    await ensureFiguresTopic(topicAdmin, settings.FIGURES_TOPIC)
    expect(await partitionCount(topicAdmin, settings.FIGURES_TOPIC)).toBe(2)
    expect(await configOf(settings.FIGURES_TOPIC, 'cleanup.policy')).toBe('delete')
  })
})

describe('an existing topic', () => {
  test('is never altered', async () => {
    await ensureTopics(topicAdmin, settings)
    await ensureTopics(topicAdmin, { ...settings, PARTITIONS: 12, RETENTION_HOURS: 1 })
    expect(await partitionCounts()).toEqual([6, 6, 3, 3])
    expect(await configOf(settings.NOTIFICATIONS_TOPIC, 'retention.ms')).toBe(String(12 * 3_600_000))
  })

  test('is counted as it is, also when the counts differ', async () => {
    await create({ topic: settings.DATA_TOPIC, numPartitions: 4 })
    await create({ topic: settings.NOTIFICATIONS_TOPIC, numPartitions: 2 })
    expect(await ensureTopics(topicAdmin, settings)).toEqual({ data: 4, notifications: 2, ...ASIDE })
    expect((await partitionCounts()).slice(0, 2)).toEqual([4, 2])
  })

  test('is counted again while it changes', async () => {
    await ensureTopics(topicAdmin, settings)
    const count = createPartitionCounter(settings)
    await admin.createPartitions({ topicPartitions: [{ topic: settings.DATA_TOPIC, count: 9 }] })
    await vi.waitFor(async () => expect(await count(topicAdmin)).toEqual({ data: 9, notifications: 6 }))
    await admin.deleteTopics({ topics: [settings.NOTIFICATIONS_TOPIC] })
    await vi.waitFor(() => expect(count(topicAdmin)).rejects.toThrow(/topic/))
  })
})

function namesOf(of: TopicSettings): string[] {
  const { DATA_TOPIC, NOTIFICATIONS_TOPIC, DEAD_LETTER_TOPIC, FOLLOW_UP_TOPIC } = of
  return [DATA_TOPIC, NOTIFICATIONS_TOPIC, DEAD_LETTER_TOPIC, FOLLOW_UP_TOPIC]
}

async function create(topic: ITopicConfig): Promise<void> {
  await admin.createTopics({ topics: [topic], waitForLeaders: false })
  await partitionCount(topicAdmin, topic.topic)
}

function partitionCounts(): Promise<number[]> {
  return Promise.all(namesOf(settings).map((topic) => partitionCount(topicAdmin, topic)))
}

/** The broker that is asked may not have heard of a new topic yet. */
function configOf(topic: string, name: string): Promise<string> {
  const resource = { type: ConfigResourceTypes.TOPIC, name: topic, configNames: [name] }
  return vi.waitFor(async () => {
    const { resources } = await admin.describeConfigs({ resources: [resource], includeSynonyms: false })
    const value = resources[0]?.configEntries[0]?.configValue
    if (value === undefined) throw new Error(`${topic} has no ${name}`)
    return value
  })
}
