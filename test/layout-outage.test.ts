import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Admin } from 'kafkajs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { HealthCheck } from '../backbone/http/health-check.ts'
import { toLayoutMessage } from '../backbone/layout/layout-record.ts'
import type { PartitionsState } from '../backbone/layout/partitions-state.ts'
import { type KafkaCluster, startKafka } from '../deploy/kafka/start-kafka.ts'
import { startWatchdog, type Watchdog } from '../deploy/watchdog.ts'
import { type SentCheckout, startPartitionLoad } from './partition-load.ts'
import { createStopAndGo } from './stop-and-go.ts'
import { acceptedOf, expectOneOutcomeEach } from './stored-outcomes.ts'
import { startSystem, type TestSystem } from './test-system.ts'

const PER_SECOND = 80
// Many wait for the frozen broker: enough of the others must be left.
const CUSTOMERS = 120
const PARTITIONS = 6
const ADDED = 3
const SOON = { timeout: 60_000, interval: 100 }

const { freeze, thaw, thawAll } = createStopAndGo()
const all: SentCheckout[] = []
let folder: string
let watchdog: Watchdog
let kafka: KafkaCluster
let system: TestSystem
let admin: Admin

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layout-outage-'))
  watchdog = startWatchdog(folder)
  kafka = await startKafka({
    dataDir: join(folder, 'kafka'),
    brokers: 3,
    watchdog,
    log: console.error,
    properties: () => ({
      // A frozen broker goes on leading its partitions, but those of others do not wait for it.
      'broker.session.timeout.ms': '60000',
      'replica.lag.time.max.ms': '1000',
    }),
  })
  system = await startSystem({ brokers: kafka.bootstrap, processors: 2, gateways: 2 })
  admin = system.kafka.admin()
  await admin.connect()
})
afterAll(async () => {
  thawAll()
  await admin.disconnect()
  await system.stop()
  await watchdog.drain()
  rmSync(folder, { recursive: true, force: true })
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

test('while the broker that leads the layout is frozen, checkouts for partitions of others are acknowledged', async () => {
  const leader = (await leadersOf(system.topics.layout)).get(0)
  const broker = kafka.brokers.find(({ id }) => id === leader) ?? expect.fail('it has no leader')
  const leaders = await leadersOf(system.topics.data)
  const ofOthers = [...leaders].flatMap(([partition, id]) => (id === leader ? [] : [partition]))
  expect(ofOthers.length).toBe(4)
  const load = startPartitionLoad(gatewayUrls, PER_SECOND, CUSTOMERS)
  await vi.waitFor(() => expect(acceptedOf(load.sent()).length).toBeGreaterThan(2 * PER_SECOND), SOON)

  freeze(broker.child)
  const frozenAt = performance.now()
  await untilWarned('cannot be read')
  console.log(`gateways go on after ${Math.round(performance.now() - frozenAt)} ms`)
  const before = load.sent().length
  await vi.waitFor(
    () => {
      const since = load.sent().slice(before)
      for (const partition of ofOthers)
        expect(acceptedIn(since, (of) => of === partition).length).toBeGreaterThan(5)
    },
    { timeout: 20_000, interval: 100 },
  )
  thaw(broker.child)

  await Promise.all([...system.gateways, ...system.processors].map(({ ready }) => ready()))
  await finish(load)
}, 240_000)

test('if all processors die when a change has begun, checkouts are accepted after 10 s, and the change ends later', async () => {
  const load = startPartitionLoad(gatewayUrls, PER_SECOND, CUSTOMERS)
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
    const answers = await Promise.all(gatewayUrls().map((url) => fetch(`${url}/operations/partitions`)))
    for (const answer of answers)
      expect((await answer.json()) as PartitionsState).toEqual({
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
