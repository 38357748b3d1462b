import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { createTopicAdmin } from '../../backbone/kafka/topic-admin.ts'
import { assignReplicas, partitionCount } from '../../backbone/kafka/topics.ts'
import { startKafka } from '../../deploy/kafka/start-kafka.ts'
import { freePorts } from '../../deploy/ports.ts'
import { startWatchdog } from '../../deploy/watchdog.ts'
import { startNetwork } from '../../test/faults/network/network.ts'
import { shortKafkaTool } from '../../test/kafka-tool.ts'
import { runToEnd } from '../children.ts'
import { cpuMs } from '../cpu-time.ts'
import { pin } from '../pin.ts'
import type { ReplicationSetting } from './settings.ts'

const BROKERS = 3
const TOOL_WITHIN_MS = 60_000

/**
 * Three brokers that reach each other through relays, which delay every byte; clients reach them directly. Relays instead
 * of `tc netem`: they need neither root nor a kernel module.
 */
export async function startDistantBrokers({
  broker: extra,
  disabledFeatures,
}: ReplicationSetting['cluster']) {
  const folder = mkdtempSync(join(tmpdir(), 'replication-'))
  const watchdog = startWatchdog(folder)
  const network = startNetwork()
  const ports = await freePorts(2 * BROKERS)
  const replicationPort = (id: number) => ports[id - 1] ?? 0
  const relayPort = (id: number) => ports[BROKERS + id - 1] ?? 0
  const names = Array.from({ length: BROKERS }, (_, i) => `broker-${i + 1}`)

  for (const [index, name] of names.entries())
    await network.link(name, { port: replicationPort(index + 1) }, relayPort(index + 1))
  const { bootstrap, brokers } = await startKafka({
    dataDir: join(folder, 'kafka'),
    brokers: BROKERS,
    watchdog,
    log: () => undefined,
    properties: ({ id, port, controllerPort }) => ({
      listeners:
        `BROKER://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort},` +
        `REPLICATION://127.0.0.1:${replicationPort(id)}`,
      'advertised.listeners': `BROKER://127.0.0.1:${port},REPLICATION://127.0.0.1:${relayPort(id)}`,
      'listener.security.protocol.map': 'BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT,REPLICATION:PLAINTEXT',
      'inter.broker.listener.name': 'REPLICATION',
      ...extra,
    }),
  })
  for (const { child } of brokers) if (child.pid !== undefined) pin(child.pid, 'rest')
  if (disabledFeatures.length > 0) await disableFeatures(bootstrap, disabledFeatures)

  const admin = createTopicAdmin(new Kafka({ brokers: bootstrap, logLevel: logLevel.NOTHING }))
  await admin.connect()

  return {
    bootstrap,
    /** With the leaders that a gateway gives DataTopic when it creates it. */
    async createTopic(name: string, { partitions, replicas, minInSync }: ReplicationSetting['topic']) {
      const ids = brokers.map(({ id }) => id)
      const assignment = assignReplicas(partitions, ids).map((assigned) => ({
        partition: assigned.partition,
        replicas: assigned.replicas.slice(0, replicas),
      }))
      const config = { 'min.insync.replicas': String(minInSync) }
      await admin.createTopics([{ topic: name, assignment, config }])
      await partitionCount(admin, name)
    },
    cpuMs: () => brokers.reduce((sum, { child }) => sum + cpuMs(child.pid ?? 0), 0),
    /** Each way; a round trip between two brokers takes twice as long. */
    async delay(ms: number): Promise<void> {
      for (const name of names)
        await (ms === 0 ? network.clear(name) : network.set(name, { type: 'latency', ms }))
    },
    async end(): Promise<void> {
      await admin.disconnect()
      await watchdog.drain()
      await network.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Like setting them to version 0 when the storage is formatted. */
async function disableFeatures(bootstrap: readonly string[], features: readonly string[]): Promise<void> {
  const command = [
    ...shortKafkaTool('org.apache.kafka.tools.FeatureCommand'),
    '--bootstrap-server',
    bootstrap.join(','),
    'disable',
    ...features.flatMap((feature) => ['--feature', feature]),
  ]
  await runToEnd(command, TOOL_WITHIN_MS)
}
