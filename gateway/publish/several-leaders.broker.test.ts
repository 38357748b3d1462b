import { Kafka, logLevel } from 'kafkajs'
import pino from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { createKafka } from '../../backbone/kafka/client.ts'
import { preferredLeaders } from '../../backbone/kafka/preferred-leaders.ts'
import { noRefusals } from '../../backbone/kafka/testing/refusals.ts'
import { createTopicAdmin } from '../../backbone/kafka/topic-admin.ts'
import { assignReplicas } from '../../backbone/kafka/topics.ts'
import { createSeededRandom } from '../../loadgen/shoppers/seeded-random.ts'
import { createTopics } from '../../test/create-topics.ts'
import { startLinkedKafka } from '../../test/linked-kafka.ts'
import { readTopic } from '../../test/read-topic.ts'
import { steadyLayout } from '../testing/steady-layout.ts'
import { createRecordProducers } from './kafkajs/record-producers.ts'
import { createPublisher } from './publish-checkout.ts'

const PARTITIONS = 6
const CUSTOMERS = 4 * PARTITIONS
const LONG = { timeout: 60_000, interval: 50 }

const log = pino({ level: 'silent' })
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000)
console.log(`several-leaders.broker.test.ts: TEST_SEED=${seed}`)
const random = createSeededRandom()
random.seed(seed)
const below = (limit: number) => Math.floor(random.next() * limit)

let cluster: Awaited<ReturnType<typeof startCluster>>
beforeAll(async () => {
  cluster = await startCluster()
}, 120_000)
afterAll(() => cluster.stop())

async function startCluster() {
  const linked = await startLinkedKafka('several-leaders')
  const plain = { KAFKA_TLS: false, KAFKA_SASL_PLAIN_WITHOUT_TLS: false }
  const kafka = createKafka({ ...plain, KAFKA_BROKERS: linked.links }, 'several-leaders', log)
  const admin = new Kafka({ brokers: linked.bootstrap, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  return {
    ...linked,
    kafka,
    admin,
    async stop(): Promise<void> {
      await admin.disconnect()
      await linked.stop()
    },
  }
}

interface Acknowledged {
  customer: number
  /** Rising for each customer. */
  number: number
  partition: number
  offset: number
}

/** A topic whose partitions are led as those of DataTopic are, and customers that publish one record after the other. */
async function startCustomers(topic: string) {
  const { kafka, admin, bootstrap, brokers } = cluster
  const replicas = assignReplicas(
    PARTITIONS,
    brokers.map(({ id }) => id),
  )
  const configEntries = [{ name: 'min.insync.replicas', value: '2' }]
  await createTopics(admin, [{ topic, replicaAssignment: replicas, configEntries }])
  const leaders = replicas.map((each) => each.replicas[0] ?? 0)
  const topics = createTopicAdmin(kafka)
  await topics.connect()
  expect(await preferredLeaders(topics, topic)).toEqual(leaders)
  await topics.disconnect()

  const timeoutMs = 5_000
  const publisher = createPublisher({
    leaders: Promise.resolve(leaders),
    findLeaders: () => Promise.reject(new Error('no partition was added')),
    ...createRecordProducers(kafka, { DATA_TOPIC: topic, PUBLISH_TIMEOUT_MS: timeoutMs }),
    refusals: noRefusals,
    topic,
    maxWaiting: 1_000,
    maxWaitingBytes: 2 ** 25,
    timeoutMs,
    lease: steadyLayout(PARTITIONS),
    metrics: { published: () => undefined },
    log,
  })
  const acknowledged: Acknowledged[] = []
  const stopping = new AbortController()

  async function publishAll(customer: number): Promise<void> {
    const partition = customer % PARTITIONS
    for (let number = 0; !stopping.signal.aborted; number++) {
      const record = {
        partitionAmong: () => partition,
        key: `${customer}`,
        value: `${customer} ${number}`,
        headers: {},
      }
      const arrival = { lane: 'purchase', since: Date.now(), isDisconnected: () => false } as const
      try {
        const stored = await publisher.publish({ ...record, ...arrival })
        acknowledged.push({ customer, number, ...stored })
      } catch {
        // It may be stored or not. A client would send it again, with the same event id.
      }
    }
  }
  const customers = Array.from({ length: CUSTOMERS }, (_, customer) => publishAll(customer))
  const countIn = (partitions: readonly number[]) =>
    acknowledged.filter(({ partition }) => partitions.includes(partition)).length

  return {
    replicas,
    partitionsOf: (leader: number) => leaders.flatMap((id, partition) => (id === leader ? [partition] : [])),
    countIn,
    /** Resolves when so many more records are acknowledged in each of these partitions. */
    async more(count: number, partitions = leaders.map((_, partition) => partition)): Promise<void> {
      const before = partitions.map((partition) => countIn([partition]))
      await vi.waitFor(
        () =>
          expect(partitions.every((partition, i) => countIn([partition]) >= (before[i] ?? 0) + count)).toBe(
            true,
          ),
        LONG,
      )
    },
    /** Stops, and compares what was acknowledged with what is stored. Resolves with the records that have several copies. */
    async expectAllStored(): Promise<string[]> {
      stopping.abort()
      await Promise.all(customers)
      await publisher.close()
      const copies = Map.groupBy(await readTopic(bootstrap, topic), ({ value }) => value)
      const missing = acknowledged.filter(({ customer, number, partition, offset }) => {
        // The first one counts for processors.
        const first = copies.get(`${customer} ${number}`)?.toSorted((a, b) => a.offset - b.offset)[0]
        return first?.partition !== partition || first.offset !== offset
      })
      expect(missing).toEqual([])
      for (let customer = 0; customer < CUSTOMERS; customer++) {
        const offsets = acknowledged.filter((each) => each.customer === customer).map(({ offset }) => offset)
        expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
      }
      return [...copies].flatMap(([value, { length }]) => (length > 1 ? [value] : []))
    },
  }
}

test('while one leader does not answer, records for the others are stored', {
  timeout: 120_000,
}, async () => {
  const { network, linkName } = cluster
  const customers = await startCustomers('silent-leader')
  await customers.more(20)
  const [silent, ...others] = [1, 2, 3].map(customers.partitionsOf)
  await network.set(linkName(1), { type: 'timeout', direction: 'both' })
  onTestFinished(() => network.clear(linkName(1)))
  // What was answered at that moment.
  await customers.more(1, others.flat())
  const before = customers.countIn(silent ?? [])
  await customers.more(100, others.flat())
  expect(customers.countIn(silent ?? [])).toBe(before)
  await network.clear(linkName(1))
  await customers.more(20)
  await customers.expectAllStored()
})

test('lost responses: all that was acknowledged is stored, once and in order', {
  timeout: 180_000,
}, async () => {
  const { network, linkName, brokers } = cluster
  const customers = await startCustomers('lost-responses')
  for (let round = 0; round < 20; round++) {
    const { id } = brokers[below(3)] ?? expect.fail('no broker')
    await customers.more(1 + below(4))
    // Cut in the middle of a response. No new connection works until this is over.
    await network.set(linkName(id), { type: 'limit_data', bytes: 1 + below(400) })
    const others = brokers.filter((broker) => broker.id !== id)
    await customers.more(
      5,
      others.flatMap((broker) => customers.partitionsOf(broker.id)),
    )
    await network.clear(linkName(id))
  }
  await customers.more(20)
  expect(await customers.expectAllStored()).toEqual([])
})

test('moved leaders: all that was acknowledged is stored in order', {
  timeout: 180_000,
}, async () => {
  const { admin } = cluster
  const topic = 'moved-leaders'
  const customers = await startCustomers(topic)
  for (let round = 0; round < 10; round++) {
    await customers.more(5)
    const { partition, replicas } = customers.replicas[below(PARTITIONS)] ?? expect.fail('no partition')
    const followers = replicas.slice(1)
    await admin.alterPartitionReassignments({
      topics: [{ topic, partitionAssignment: [{ partition, replicas: followers }] }],
    })
    await customers.more(5, [partition])
    await admin.alterPartitionReassignments({
      topics: [{ topic, partitionAssignment: [{ partition, replicas }] }],
    })
  }
  await customers.more(20)
  await customers.expectAllStored()
})

test('a killed broker: all that was acknowledged is stored in order', {
  timeout: 180_000,
}, async () => {
  const customers = await startCustomers('killed-broker')
  const broker = cluster.brokers[below(3)]
  await customers.more(20)
  await broker?.child.kill('SIGKILL')
  await customers.more(20)
  broker?.child.start()
  await broker?.ready()
  await customers.more(20)
  await customers.expectAllStored()
})
