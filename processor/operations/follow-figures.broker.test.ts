import { randomUUID } from 'node:crypto'
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs'
import pino from 'pino'
import { afterEach, expect, inject, test, vi } from 'vitest'
import { keepAdmin } from '../../backbone/kafka/admin.ts'
import { createTopicAdmin } from '../../backbone/kafka/topic-admin.ts'
import { assignReplicas, ensureFiguresTopic, partitionCount } from '../../backbone/kafka/topics.ts'
import type { FiguresRecord } from '../../backbone/operations/member-figures.ts'
import { createSystemModel, HISTORY_MS } from '../../backbone/operations/system-model.ts'
import { gateway } from '../../backbone/operations/testing/simulate.ts'
import { followFigures } from './follow-figures.ts'
import { optionalReads } from './optional-reads.ts'

const SOON = { timeout: 20_000, interval: 100 }
const kafka = new Kafka({ brokers: inject('kafkaBrokers'), logLevel: logLevel.NOTHING })
const admin = keepAdmin(() => createTopicAdmin(kafka))
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

async function createTopic(topic: string) {
  await admin.use((connected) => ensureFiguresTopic(connected, topic))
}

async function produce(topic: string, values: (string | null)[], timestamp?: number): Promise<void> {
  const producer: Producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  await producer.send({
    topic,
    messages: values.map((value) => ({
      key: 'k',
      value,
      ...(timestamp === undefined ? {} : { timestamp: String(timestamp) }),
    })),
  })
  await producer.disconnect()
}

/** Figures of a gateway after so many answers, a second later for each of them. */
function figuresAfter(answers: number): FiguresRecord {
  const startedAt = Date.now() - 60_000
  return {
    ...gateway('gateway-1', { gateway: { answers: { purchase: { 202: answers } } } }),
    startedAt,
    at: startedAt + answers * 1_000,
  }
}

function follow(topic: string) {
  const lines: string[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  const model = createSystemModel({
    from: 'processor-1',
    partial: false,
    homePartitions: 6,
    followedSince: Date.now() - HISTORY_MS,
  })
  const follower = followFigures({
    kafka,
    admin: keepAdmin(() => createTopicAdmin(kafka)),
    topic,
    groupPrefix: `figures-${randomUUID()}`,
    model,
    refusals: optionalReads({ admitted: () => Promise.resolve(), explain: () => undefined, log }),
    log,
  })
  ends.push(
    () => admin.use((connected) => connected.deleteGroups([...follower.groups()])).catch(() => undefined),
    () => follower.stop(),
  )
  const accepted = () => model.tick(Date.now()).state.totals.answers.purchase?.['202']
  return { model, follower, lines, accepted }
}

function topicName() {
  const topic = `Figures-${randomUUID().slice(0, 8)}`
  ends.push(async () => {
    const client = kafka.admin()
    await client.connect()
    await client.deleteTopics({ topics: [topic] })
    await client.disconnect()
  })
  return topic
}

test('the model knows what was written before, and records that are none are skipped with one line', async () => {
  const topic = topicName()
  await createTopic(topic)
  const garbage = ['', '{', '{"is":"figures"}', 'null', null, '{"is":"other"}']
  await produce(topic, [...garbage, JSON.stringify(figuresAfter(5)), ...garbage])
  const { follower, model, lines, accepted } = follow(topic)
  await follower.caughtUp
  expect(model.history().points.length).toBeGreaterThan(0)
  expect(accepted()).toBe(5)
  await produce(topic, [JSON.stringify(figuresAfter(9))])
  await vi.waitFor(() => expect(accepted()).toBe(9), SOON)
  expect(lines.filter((line) => line.includes('Skipping'))).toHaveLength(1)
})

test('events that are older than the plots are known, and who was lost then', async () => {
  const topic = topicName()
  // With the times of the producers, unlike that of a system.
  await admin.use(async (connected) => {
    const { nodeIds } = await connected.describeCluster()
    await connected.createTopics([{ topic, assignment: assignReplicas(1, nodeIds), config: {} }])
    await partitionCount(connected, topic)
  })
  const now = Date.now()
  const old = now - 3_600_000
  const event: FiguresRecord = {
    is: 'event',
    member: 'processor-1',
    run: 'former',
    number: 3,
    at: old,
    code: 'redriven',
    details: {},
  }
  await produce(
    topic,
    [JSON.stringify(event), JSON.stringify({ ...figuresAfter(5), run: 'former', at: old })],
    old,
  )
  await produce(topic, [JSON.stringify({ ...figuresAfter(1), run: 'present' })], now - 1_000)
  const { follower, model } = follow(topic)
  await follower.caughtUp
  // Nobody is judged until figures have arrived for a while.
  for (let second = 2; second < 12; second++) {
    model.takeFromTopic({ ...figuresAfter(second), run: 'present' }, now + second * 1_000)
    model.tick(now + second * 1_000)
  }
  const { points, events } = model.history()
  expect(points.length).toBeLessThan(900)
  expect(events.map(({ run, code, at }) => [run, code, at])).toEqual([
    ['former', 'redriven', old],
    ['former', 'member-silent', old],
  ])
})

test('a topic that is missing at first, and one that is recreated, are followed', async () => {
  const topic = topicName()
  const { lines, accepted } = follow(topic)
  await createTopic(topic)
  await produce(topic, [JSON.stringify(figuresAfter(3))])
  await vi.waitFor(() => expect(accepted()).toBe(3), SOON)

  const client = kafka.admin()
  await client.connect()
  await client.deleteTopics({ topics: [topic] })
  await vi.waitFor(async () => expect(await client.listTopics()).not.toContain(topic), SOON)
  await client.disconnect()
  await createTopic(topic)
  // As many as were read before may be missed; members publish all the time.
  await produce(
    topic,
    [figuresAfter(6), figuresAfter(7)].map((figures) => JSON.stringify(figures)),
  )
  await vi.waitFor(() => expect(accepted()).toBe(7), SOON)
  expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([])
}, 60_000)
