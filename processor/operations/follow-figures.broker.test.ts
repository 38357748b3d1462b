import { randomUUID } from 'node:crypto'
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs'
import pino from 'pino'
import { afterEach, expect, inject, test, vi } from 'vitest'
import { figuresKey } from '../../backbone/figures/figures-key.ts'
import type { FiguresRecord, MemberFigures } from '../../backbone/figures/member-figures.ts'
import { keepAdmin } from '../../backbone/kafka/admin.ts'
import { createFiguresSender } from '../../backbone/kafka/figures-sender.ts'
import { createTopicAdmin } from '../../backbone/kafka/topic-admin.ts'
import { assignReplicas, ensureFiguresTopic, partitionCount } from '../../backbone/kafka/topics.ts'
import { HISTORY_MS } from '../../backbone/operations/keep-points.ts'
import { createSystemModel } from '../../backbone/operations/system-model.ts'
import { gateway } from '../../backbone/operations/testing/simulate.ts'
import { optionalReads } from '../kafka/optional-reads.ts'
import { followFigures } from './follow-figures.ts'

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

async function produce(
  topic: string,
  values: (string | null)[],
  timestamp?: number,
  partition = 0,
): Promise<void> {
  const producer: Producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  await producer.send({
    topic,
    messages: values.map((value) => ({
      key: 'k',
      value,
      partition,
      ...(timestamp === undefined ? {} : { timestamp: String(timestamp) }),
    })),
  })
  await producer.disconnect()
}

/** Figures of a gateway after so many answers, a second later for each of them. */
function figuresAfter(answers: number): MemberFigures {
  const startedAt = Date.now() - 60_000
  return {
    ...gateway('gateway-1', { gateway: { answers: { purchase: { 202: answers } } } }),
    startedAt,
    at: startedAt + answers * 1_000,
  }
}

function follow(topic: string, dataTopic = 'DataTopic') {
  const lines: string[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  const model = createSystemModel({
    from: 'processor-1',
    partial: false,
    homePartitions: () => 6,
    followedSince: Date.now() - HISTORY_MS,
  })
  const follower = followFigures({
    kafka,
    admin: keepAdmin(() => createTopicAdmin(kafka)),
    topic,
    dataTopic,
    groupPrefix: `figures-${randomUUID()}`,
    model,
    refusals: optionalReads({
      failing: 'Figures are not read',
      restored: 'Figures are read again',
      authenticated: () => Promise.resolve(),
      explain: () => undefined,
      log,
    }),
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
  const ofLaterVersions = [
    { ...figuresAfter(7), role: 'router' },
    { is: 'trace', member: 'gateway-1' },
  ]
  const garbage = [
    '',
    '{',
    '{"is":"figures"}',
    'null',
    null,
    '[[["__proto__"]]]',
    '9'.repeat(400_000),
    ...ofLaterVersions.map((record) => JSON.stringify(record)),
  ]
  await produce(topic, [...garbage, JSON.stringify({ ...figuresAfter(5), later: { field: 1 } }), ...garbage])
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
    details: { deadLetter: '1-17', eventId: 'second', by: 'ops' },
  }
  await produce(
    topic,
    [JSON.stringify(event), JSON.stringify({ ...figuresAfter(5), run: 'former', at: old })],
    old,
  )
  await produce(topic, [JSON.stringify({ ...figuresAfter(1), run: 'present' })], now - 1_000)
  const { follower, model } = follow(topic)
  await follower.caughtUp
  // Nobody is silent until figures have arrived for a while.
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

test('two systems may share the topic: each knows its own members, events and load runs', async () => {
  const topic = topicName()
  const systems = ['DataTopic', 'OtherData'].map((dataTopic, index) => {
    const sender = createFiguresSender(kafka, { FIGURES_TOPIC: topic, DATA_TOPIC: dataTopic })
    ends.push(() => sender.close())
    const number = index + 1
    const member = `gateway-${number}`
    const run = `run-${number}`
    const records: FiguresRecord[] = [
      { ...figuresAfter(number), member, run },
      { is: 'event', member, run, number: 0, at: Date.now(), code: 'started', details: {} },
      {
        is: 'load',
        run,
        name: 'cyberday',
        at: Date.now(),
        startedAt: Date.now() - 9_000,
        stage: '1',
        planned: 5,
        sent: 9,
        accepted: 9,
        failed: 0,
      },
    ]
    const send = () =>
      sender.send(records.map((record) => ({ key: figuresKey(record), value: JSON.stringify(record) })))
    return { send, known: { gateways: [member], events: [run], load: [run], answers: number }, dataTopic }
  })
  const known = ({ model, accepted }: ReturnType<typeof follow>) => {
    const { members, load } = model.tick(Date.now()).state
    return {
      gateways: members.map(({ member }) => member),
      events: model.history().events.map(({ run }) => run),
      load: load.map(({ run }) => run),
      answers: accepted(),
    }
  }
  // What was written before they start, and after.
  for (const { send } of systems) await send()
  const followers = systems.map(({ dataTopic }) => follow(topic, dataTopic))
  await Promise.all(followers.map(({ follower }) => follower.caughtUp))
  for (const { send } of systems) await send()
  // An earlier version does not say whose records are its own.
  await produce(topic, [JSON.stringify({ ...figuresAfter(3), member: 'gateway-3', run: 'run-3' })])
  for (const [index, follower] of followers.entries())
    await vi.waitFor(() => {
      const own = systems[index]!.known
      expect(known(follower)).toEqual({
        ...own,
        gateways: [...own.gateways, 'gateway-3'],
        answers: own.answers + 3,
      })
    }, SOON)
  expect(followers.flatMap(({ lines }) => lines)).toEqual([])
}, 60_000)

test('of a topic with several partitions, the one that members write to is followed', async () => {
  const topic = topicName()
  await admin.use(async (connected) => {
    const { nodeIds } = await connected.describeCluster()
    await connected.createTopics([{ topic, assignment: assignReplicas(3, nodeIds), config: {} }])
    await partitionCount(connected, topic)
  })
  const sender = createFiguresSender(kafka, { FIGURES_TOPIC: topic, DATA_TOPIC: 'DataTopic' })
  ends.push(() => sender.close())
  const send = (answers: number) => sender.send([{ key: 'k', value: JSON.stringify(figuresAfter(answers)) }])
  // For a moment, the broker does not know yet that it leads the partitions.
  await vi.waitFor(() => send(2), SOON)
  for (const partition of [0, 1, 2])
    await produce(
      topic,
      Array.from({ length: 20 }, () => '{'),
      undefined,
      partition,
    )
  await send(5)
  const { follower, accepted } = follow(topic)
  await follower.caughtUp
  expect(accepted()).toBe(5)
  await produce(topic, [JSON.stringify(figuresAfter(100))], undefined, 2)
  await send(9)
  await vi.waitFor(() => expect(accepted()).toBe(9), SOON)
}, 60_000)
