import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Admin, Partitioners } from 'kafkajs'
import pino from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createKafka } from '../../backbone/kafka/client.ts'
import { noRefusals } from '../../backbone/kafka/testing/refusals.ts'
import type { Broker } from '../../deploy/kafka/broker.ts'
import { startKafka } from '../../deploy/kafka/start-kafka.ts'
import { startWatchdog } from '../../deploy/watchdog.ts'
import { shortKafkaTool } from '../../test/kafka-tool.ts'
import { retrying } from './consumer-config.ts'
import { runConsumer } from './run-consumer.ts'

const topic = 'lost-coordinator'
const groupId = 'of-two'
const PARTITIONS = 6
const TOOL_MS = 30_000
// Longer than the test: however slow the machine, no session expires.
const SESSION = { sessionTimeout: 60_000, rebalanceTimeout: 60_000 }

async function consumerGroups(bootstrap: string[], ...asked: string[]): Promise<string> {
  const [command, ...args] = shortKafkaTool('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand')
  const group = ['--bootstrap-server', bootstrap.join(','), '--group', groupId]
  const { stdout } = await promisify(execFile)(command, [...args, ...group, ...asked], { timeout: TOOL_MS })
  return stdout
}

/** The port of the broker that coordinates the group. */
async function coordinatorOf(bootstrap: string[]): Promise<number> {
  const told = await consumerGroups(bootstrap, '--describe', '--state')
  return Number(/^of-two\s+127\.0\.0\.1:(\d+)/m.exec(told)?.[1])
}

/** Who coordinates a group is decided by its name alone: it needs to exist, but no member. */
async function coordinatorToBe(admin: Admin, bootstrap: string[]): Promise<number> {
  await admin.createTopics({ topics: [{ topic: 'before' }], waitForLeaders: true })
  await consumerGroups(bootstrap, '--reset-offsets', '--to-earliest', '--topic', 'before', '--execute')
  return coordinatorOf(bootstrap)
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
    // Longer than kafkajs by itself would wait.
    properties: () => ({ 'broker.session.timeout.ms': '3000' }),
  })
  const log = pino({ level: 'silent' })
  const connect = (clientId: string) =>
    createKafka(
      { KAFKA_BROKERS: bootstrap, KAFKA_TLS: false, KAFKA_SASL_PLAIN_WITHOUT_TLS: false },
      clientId,
      log,
    )
  const kafka = connect('lost-coordinator')
  const admin = kafka.admin()
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await Promise.all([admin.connect(), producer.connect()])
  const coordinator = await coordinatorToBe(admin, bootstrap)
  const others = brokers.filter(({ port }) => port !== coordinator)
  await admin.createTopics({
    topics: [{ topic, replicaAssignment: Array.from({ length: PARTITIONS }, ledBy(others)) }],
    waitForLeaders: true,
  })

  let killedAt = Number.POSITIVE_INFINITY
  const goneOnIn = new Set<number>()
  const run = (name: string) => {
    // As in two processes: the consumers of one client share what they know of the group's offsets.
    const member = connect(name)
    return runConsumer({
      create: () => member.consumer({ groupId, ...SESSION, maxWaitTimeInMs: 250, ...retrying }),
      topic,
      partitions: PARTITIONS,
      begin: Promise.resolve(),
      onJoin: () => undefined,
      onBatch: async (_, batch) => {
        const isNew = batch.records.some(({ timestamp }) => Number(timestamp) > killedAt)
        if (isNew) goneOnIn.add(batch.partition)
        batch.resolve(batch.lastOffset)
        await batch.heartbeat()
      },
      findCoordinator: () => admin.describeGroups([groupId]),
      onEnd: () => undefined,
      refusals: noRefusals,
      log,
    })
  }
  const consumers = [run('one'), run('other')]
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

  expect(await coordinatorOf(bootstrap)).toBe(coordinator)
  await brokers.find(({ port }) => port === coordinator)?.child.kill('SIGKILL')
  killedAt = Date.now()
  const killed = performance.now()
  const areHeard = () => consumers.every((consumer) => consumer.lastHeard() > killed)
  await vi.waitFor(() => expect(areHeard()).toBe(true), { timeout: 40_000, interval: 200 })
  await vi.waitFor(() => expect(goneOnIn.size).toBe(PARTITIONS), { timeout: 40_000, interval: 200 })
  expect(await vi.waitFor(stableMembers, { timeout: 30_000, interval: 200 })).toEqual(before)
})
