import { randomUUID } from 'node:crypto'
import { type Consumer, Kafka, logLevel } from 'kafkajs'
import pino from 'pino'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { connectBroker } from '../../backbone/kafka/socket.ts'
import { noRefusals } from '../../backbone/kafka/testing/refusals.ts'
import { createTopics } from '../../test/create-topics.ts'
import { startNetwork } from '../../test/faults/network/network.ts'
import { runConsumer } from './run-consumer.ts'

const brokers = inject('kafkaBrokers')
const network = startNetwork()
const topic = `run-consumer-${randomUUID().slice(0, 8)}`
const grown = `${topic}-grown`
const shared = `${topic}-shared`
const producerAndAdmin = new Kafka({ brokers, logLevel: logLevel.NOTHING })
const producer = producerAndAdmin.producer()
const admin = producerAndAdmin.admin()
const running: { stop: () => Promise<void> }[] = []

beforeAll(async () => {
  await Promise.all([admin.connect(), producer.connect()])
  await createTopics(admin, [
    { topic, numPartitions: 1 },
    { topic: grown, numPartitions: 3 },
    { topic: shared, numPartitions: 2 },
  ])
})
afterAll(async () => {
  await Promise.all(running.map(({ stop }) => stop()))
  await network.close()
  await admin.deleteTopics({ topics: [topic, grown, shared] })
  await Promise.all([admin.disconnect(), producer.disconnect()])
})

const send = (value: string) => producer.send({ topic, messages: [{ value }] })
const members = async (groupId: string) => (await admin.describeGroups([groupId])).groups[0]?.members.length

/** A consumer that reaches its broker over a link of its own. */
async function run(begin: Promise<void>) {
  const id = randomUUID().slice(0, 8)
  const link = await network.link(id, { port: Number(brokers[0]?.split(':')[1]) })
  const kafka = new Kafka({
    brokers,
    socketFactory: (to) => connectBroker({ ...to, port: link }),
    enforceRequestTimeout: false,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 },
    logLevel: logLevel.NOTHING,
  })
  const groups: string[] = []
  const received: string[] = []
  const consumer = runConsumer({
    create: () => {
      const groupId = `${topic}-${id}-${groups.length}`
      groups.push(groupId)
      return kafka.consumer({ groupId, heartbeatInterval: 1_000, maxWaitTimeInMs: 250 })
    },
    topic,
    partitions: 1,
    begin,
    onJoin: () => undefined,
    onBatch: (_, batch) => {
      received.push(...batch.records.map(({ value }) => String(value)))
      batch.resolve(batch.lastOffset)
      return Promise.resolve()
    },
    findCoordinator: () => admin.describeGroups([groups.at(-1) ?? '']),
    onEnd: () => undefined,
    refusals: noRefusals,
    log: pino({ level: 'silent' }),
  })
  running.push(consumer)
  return { link: id, groups, received }
}

test.concurrent('joins no group before it may begin', async () => {
  const { promise: begin, resolve } = Promise.withResolvers<void>()
  const waiting = await run(begin)
  const other = await run(Promise.resolve())
  await send('first')
  await vi.waitFor(() => expect(other.received).toContain('first'), { timeout: 20_000 })
  expect(waiting.groups).toEqual([])

  resolve()
  await vi.waitFor(() => expect(waiting.received).toContain('first'), { timeout: 20_000 })
}, 60_000)

test.concurrent('is replaced when its group does not answer any more, though connections are open', async () => {
  const consumer = await run(Promise.resolve())
  await send('before')
  await vi.waitFor(() => expect(consumer.received).toContain('before'), { timeout: 20_000 })
  await network.set(consumer.link, { type: 'timeout', direction: 'both' })
  // One that only tries again with the group it had, as kafkajs by itself would for a minute, does not come this far.
  await vi.waitFor(() => expect(consumer.groups).toHaveLength(2), { timeout: 25_000 })
  await network.clear(consumer.link)
  await send('after')
  await vi.waitFor(() => expect(consumer.received).toContain('after'), { timeout: 30_000 })
  await vi.waitFor(async () => expect(await members(consumer.groups.at(-1) ?? '')).toBe(1), {
    timeout: 10_000,
  })
}, 90_000)

test.concurrent('partitions that were added since it started stay paused, even if they are assigned', async () => {
  const groupId = `grown-${randomUUID().slice(0, 8)}`
  const joins: number[][] = []
  const received: string[] = []
  const consumer = runConsumer({
    create: () => producerAndAdmin.consumer({ groupId }),
    topic: grown,
    partitions: 2,
    begin: Promise.resolve(),
    onJoin: (_, assigned) => joins.push(assigned.toSorted((a, b) => a - b)),
    onBatch: (_, batch) => {
      received.push(...batch.records.map(({ value }) => String(value)))
      // Without this the consumer fetches the same batch all the time.
      batch.resolve(batch.lastOffset)
      return Promise.resolve()
    },
    findCoordinator: () => admin.describeGroups([groupId]),
    onEnd: () => undefined,
    refusals: noRefusals,
    log: pino({ level: 'silent' }),
  })
  running.push(consumer)
  // The last one first: it would have been fetched by the time that the others are.
  for (const partition of [2, 1, 0])
    await producer.send({ topic: grown, messages: [{ partition, value: `in ${partition}` }] })
  await vi.waitFor(() => expect(new Set(received)).toEqual(new Set(['in 0', 'in 1'])), { timeout: 20_000 })
  expect(joins).toEqual([[0, 1]])
}, 60_000)

test.concurrent('a consumer that was replaced reports nothing more, even if it joins late', async () => {
  const groupId = `late-${randomUUID().slice(0, 8)}`
  const create = () =>
    producerAndAdmin.consumer({ groupId, heartbeatInterval: 500, rebalanceTimeout: 60_000 })
  const joins: { replaced: boolean }[] = []
  const consumers: Consumer[] = []
  const consumer = runConsumer({
    create: () => {
      const created = create()
      consumers.push(created)
      return created
    },
    topic: shared,
    partitions: 2,
    begin: Promise.resolve(),
    onJoin: (joined) => joins.push({ replaced: joined !== consumer.current() }),
    onBatch: (_, batch) => {
      batch.resolve(batch.lastOffset)
      return Promise.resolve()
    },
    findCoordinator: () => admin.describeGroups([groupId]),
    onEnd: () => undefined,
    refusals: noRefusals,
    log: pino({ level: 'silent' }),
  })
  running.push(consumer)
  await vi.waitFor(() => expect(joins).toHaveLength(1), { timeout: 20_000 })

  // A member that does not finish its batch keeps the whole group from its next generation.
  const hand = Promise.withResolvers<void>()
  let busy = false
  const others = [create(), create()] as const
  const join = async (other: Consumer, eachBatch: () => Promise<void>) => {
    await other.connect()
    await other.subscribe({ topic: shared, fromBeginning: true })
    await other.run({ eachBatch })
  }
  await join(others[0], () => {
    busy = true
    return hand.promise
  })
  await producer.send({ topic: shared, messages: [0, 1].map((partition) => ({ partition, value: 'x' })) })
  await vi.waitFor(() => expect(busy).toBe(true), { timeout: 20_000 })
  const joining = join(others[1], () => Promise.resolve())
  await vi.waitFor(() => expect(consumers).toHaveLength(2), { timeout: 30_000 })
  hand.resolve()
  await joining
  const isComplete = async () => {
    const [group] = (await admin.describeGroups([groupId])).groups
    expect(group).toMatchObject({ state: 'Stable', members: { length: 3 } })
  }
  await vi.waitFor(isComplete, { timeout: 30_000 })

  expect(joins.filter(({ replaced }) => replaced)).toEqual([])
  await Promise.all(others.map((other) => other.disconnect()))
}, 120_000)
