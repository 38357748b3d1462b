import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Admin, type Kafka, Partitioners } from 'kafkajs'
import pino from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createKafka } from '../backbone/kafka.ts'
import type { Broker } from '../deploy/kafka/broker.ts'
import { startKafka } from '../deploy/kafka/start-kafka.ts'
import { startWatchdog } from '../deploy/watchdog.ts'
import { kafkaTool } from '../test/kafka-tool.ts'
import { patience, runConsumer } from './run-consumer.ts'

const topic = 'lost-coordinator'
const groupId = 'of-two'
const PARTITIONS = 6
// Longer than the test: however slow the machine, nobody is taken for dead.
const SESSION = { sessionTimeout: 60_000, rebalanceTimeout: 60_000 }

/** The port of the broker that coordinates the group, as Kafka's own tool tells it. */
function coordinatorOf(bootstrap: string[]): number {
  const [command, ...args] = kafkaTool('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand')
  const asked = ['--bootstrap-server', bootstrap.join(','), '--describe', '--state', '--group', groupId]
  const told = execFileSync(command, [...args, ...asked]).toString()
  return Number(/^of-two\s+127\.0\.0\.1:(\d+)/m.exec(told)?.[1])
}

/** Who coordinates a group is decided by its name alone. */
async function coordinatorToBe(kafka: Kafka, admin: Admin, bootstrap: string[]): Promise<number> {
  await admin.createTopics({ topics: [{ topic: 'before' }], waitForLeaders: true })
  const consumer = kafka.consumer({ groupId })
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve))
  await consumer.connect()
  await consumer.subscribe({ topic: 'before' })
  await consumer.run({ eachMessage: () => Promise.resolve() })
  await joined
  const port = coordinatorOf(bootstrap)
  await consumer.disconnect()
  return port
}

const ledBy = (brokers: readonly Broker[]) => (_: unknown, partition: number) => ({
  partition,
  replicas: [...brokers.keys()].map((i) => brokers[(partition + i) % brokers.length]?.id ?? 0),
})

test('members of a group whose coordinator is killed, and leads nothing else, go on as who they are', {
  timeout: 120_000,
}, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lost-coordinator-'))
  const watchdog = startWatchdog(dataDir)
  onTestFinished(async () => {
    await watchdog.drain()
    rmSync(dataDir, { recursive: true })
  })
  const { bootstrap, brokers } = await startKafka({
    dataDir,
    brokers: 3,
    watchdog,
    log: () => undefined,
    // Longer than kafkajs by itself has patience.
    properties: () => ({ 'broker.session.timeout.ms': '3000' }),
  })
  const log = pino({ level: 'silent' })
  const kafka = createKafka({ KAFKA_BROKERS: bootstrap, KAFKA_TLS: false }, 'lost-coordinator', log)
  const admin = kafka.admin()
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await Promise.all([admin.connect(), producer.connect()])
  const coordinator = await coordinatorToBe(kafka, admin, bootstrap)
  const others = brokers.filter(({ port }) => port !== coordinator)
  await admin.createTopics({
    topics: [{ topic, replicaAssignment: Array.from({ length: PARTITIONS }, ledBy(others)) }],
    waitForLeaders: true,
  })

  let killedAt = Number.POSITIVE_INFINITY
  const goneOnIn = new Set<number>()
  const run = () =>
    runConsumer({
      create: () => kafka.consumer({ groupId, ...SESSION, maxWaitTimeInMs: 250, ...patience }),
      topic,
      partitions: PARTITIONS,
      begin: Promise.resolve(),
      onJoin: () => undefined,
      eachBatch:
        () =>
        async ({ batch, resolveOffset, heartbeat }) => {
          const isNew = batch.messages.some(({ timestamp }) => Number(timestamp) > killedAt)
          if (isNew) goneOnIn.add(batch.partition)
          resolveOffset(batch.lastOffset())
          await heartbeat()
        },
      findCoordinator: () => admin.describeGroups([groupId]),
      onEnd: () => Promise.resolve(),
      log,
    })
  const consumers = [run(), run()]
  const ending = new AbortController()
  onTestFinished(async () => {
    ending.abort()
    await Promise.all(consumers.map((consumer) => consumer.stop()))
    await Promise.all([admin.disconnect(), producer.disconnect()])
  })
  const keepSending = async (partition: number) => {
    for (; !ending.signal.aborted; await sleep(100))
      await producer.send({ topic, messages: [{ value: 'one', partition }] }).catch(() => undefined)
  }
  for (let partition = 0; partition < PARTITIONS; partition++) void keepSending(partition)
  const stableMembers = async () => {
    const [group] = (await admin.describeGroups([groupId])).groups
    expect(group).toMatchObject({ state: 'Stable', members: { length: 2 } })
    return group?.members.map(({ memberId }) => memberId).toSorted()
  }
  const before = await vi.waitFor(stableMembers, { timeout: 90_000, interval: 200 })

  expect(coordinatorOf(bootstrap)).toBe(coordinator)
  await brokers.find(({ port }) => port === coordinator)?.child.kill('SIGKILL')
  killedAt = Date.now()
  const killed = performance.now()
  const areHeard = () => consumers.every((consumer) => consumer.lastHeard() > killed)
  await vi.waitFor(() => expect(areHeard()).toBe(true), { timeout: 40_000, interval: 200 })
  await vi.waitFor(() => expect(goneOnIn.size).toBe(PARTITIONS), { timeout: 40_000, interval: 200 })
  expect(await vi.waitFor(stableMembers, { timeout: 30_000, interval: 200 })).toEqual(before)
})
