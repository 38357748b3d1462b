import { type Admin, Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { HealthCheck } from '../backbone/http/health-check.ts'
import { toLayoutMessage } from '../backbone/layout/layout-record.ts'
import { startLinkedKafka } from './linked-kafka.ts'
import { type SentCheckout, startPartitionLoad } from './partition-load.ts'
import { partitionsAt } from './partitions-route.ts'
import { acceptedOf, expectOneOutcomeEach } from './stored-outcomes.ts'
import { startSystem, type TestSystem } from './test-system.ts'

const PER_SECOND = 80
// One broker leads all partitions of visits: who buys must not wait for a visit, nor the other way round.
const OF_ONE_LANE = { customers: 120, isVisit: (customer: number) => customer % 4 === 3 }
const PARTITIONS = 6
const ADDED = 3
const SOON = { timeout: 60_000, interval: 100 }

const all: SentCheckout[] = []
let kafka: Awaited<ReturnType<typeof startLinkedKafka>>
let system: TestSystem
let admin: Admin

beforeAll(async () => {
  kafka = await startLinkedKafka('layout-outage')
  system = await startSystem({ brokers: kafka.links, processors: 2, gateways: 2 })
  admin = new Kafka({ brokers: kafka.bootstrap, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
})
afterAll(async () => {
  await admin.disconnect()
  await system.stop()
  await kafka.stop()
})

const gatewayUrls = () => system.gateways.map(({ url }) => url)

/** Resolves when the check of the layout warns at all gateways. */
const untilWarned = (of: string) =>
  vi.waitFor(async () => {
    for (const url of gatewayUrls()) {
      const response = await fetch(`${url}/health/ready`)
      const { checks } = (await response.json()) as { checks: HealthCheck[] }
      const layout = checks.find(({ name }) => name === 'layout')
      expect(layout).toMatchObject({ status: 'warn', detail: expect.stringContaining(of) })
    }
  }, SOON)

const acceptedIn = (sent: readonly SentCheckout[], isIn: (partition: number) => boolean) =>
  acceptedOf(sent).filter(({ accepted }) => isIn(accepted.partition))

async function leadersOf(topic: string): Promise<Map<number, number>> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  return new Map(topics[0]?.partitions.map(({ partitionId, leader }) => [partitionId, leader]))
}

async function finish(load: ReturnType<typeof startPartitionLoad>): Promise<void> {
  all.push(...(await load.stop()))
  await expectOneOutcomeEach(system, all)
}

test('while the broker that leads the layout does not answer, checkouts for partitions of others are acknowledged', async () => {
  const leader = (await leadersOf(system.topics.layout)).get(0) ?? expect.fail('it has no leader')
  const leaders = await leadersOf(system.topics.data)
  const ofOthers = [...leaders].flatMap(([partition, id]) => (id === leader ? [] : [partition]))
  expect(ofOthers.length).toBe(4)
  const load = startPartitionLoad(gatewayUrls, PER_SECOND, OF_ONE_LANE)
  onTestFinished(async () => {
    await load.stop()
  })
  await vi.waitFor(() => expect(acceptedOf(load.sent()).length).toBeGreaterThan(2 * PER_SECOND), SOON)

  const link = kafka.linkName(leader)
  onTestFinished(() => kafka.network.clear(link))
  await kafka.network.set(link, { type: 'timeout', direction: 'both' })
  const silentSince = performance.now()
  await untilWarned('cannot be read')
  console.log(`gateways go on after ${Math.round(performance.now() - silentSince)} ms`)
  const before = load.sent().length
  await vi.waitFor(() => {
    const since = load.sent().slice(before)
    for (const partition of ofOthers)
      expect(acceptedIn(since, (of) => of === partition).length).toBeGreaterThan(5)
  }, SOON)
  await kafka.network.clear(link)

  await Promise.all([...system.gateways, ...system.processors].map(({ ready }) => ready()))
  await finish(load)
}, 240_000)

test('if all processors die when a change has begun, checkouts are accepted after 10 s, and the change ends later', async () => {
  const load = startPartitionLoad(gatewayUrls, PER_SECOND)
  await vi.waitFor(() => expect(acceptedOf(load.sent()).length).toBeGreaterThan(2 * PER_SECOND), SOON)
  await Promise.all(system.processors.map(({ child }) => child.kill('SIGKILL')))
  const { data, notifications, layout } = system.topics
  const count = PARTITIONS + ADDED
  const topicPartitions = [data, notifications].map((topic) => ({ topic, count }))
  await admin.createPartitions({ topicPartitions })
  const planned = { partitions: count, former: { homes: PARTITIONS, partitions: PARTITIONS }, begun: true }
  const begun = toLayoutMessage(data, { of: 'layout', version: 1, planned })
  await system.produce((producer) => producer.send({ topic: layout, messages: [{ ...begun, partition: 0 }] }))

  await untilWarned('does not end')
  const held = load.sent().length
  await vi.waitFor(
    () => expect(acceptedOf(load.sent().slice(held)).length).toBeGreaterThan(2 * PER_SECOND),
    SOON,
  )
  expect(load.sent().filter(({ status }) => status !== 202)).toEqual([])
  expect(acceptedIn(load.sent(), (partition) => partition >= PARTITIONS)).toEqual([])

  for (const { child } of system.processors) child.start()
  await Promise.all(system.processors.map(({ ready }) => ready()))
  await vi.waitFor(async () => {
    const answers = await Promise.all(gatewayUrls().map(partitionsAt))
    for (const answer of answers)
      expect(answer).toEqual({
        partitions: count,
        version: 1,
        change: null,
      })
  }, SOON)
  await vi.waitFor(
    () =>
      expect(acceptedIn(load.sent(), (partition) => partition >= PARTITIONS).length).toBeGreaterThan(
        PER_SECOND,
      ),
    SOON,
  )
  await finish(load)
}, 240_000)
