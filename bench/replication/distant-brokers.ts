import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { startKafka } from '../../deploy/kafka/start-kafka.ts'
import { freePorts } from '../../deploy/ports.ts'
import { startWatchdog } from '../../deploy/watchdog.ts'
import { startNetwork } from '../../test/faults/network/network.ts'
import { cpuMs } from '../cpu-time.ts'
import { pin } from '../pin.ts'
import type { ReplicationSetting } from './settings.ts'

export const TOPIC = 'DataTopic'
const BROKERS = 3

/**
 * Three brokers that reach each other through relays, which delay every byte; clients reach them directly. Relays instead
 * of `tc netem`: they need neither root nor a kernel module.
 */
export async function startDistantBrokers({ broker: extra, topic }: ReplicationSetting) {
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

  const admin = new Kafka({ brokers: bootstrap, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.createTopics({
    waitForLeaders: true,
    topics: [
      {
        topic: TOPIC,
        numPartitions: topic.partitions,
        replicationFactor: topic.replicas,
        configEntries: [{ name: 'min.insync.replicas', value: String(topic.minInSync) }],
      },
    ],
  })
  await admin.disconnect()

  return {
    bootstrap,
    cpuMs: () => brokers.reduce((sum, { child }) => sum + cpuMs(child.pid ?? 0), 0),
    /** Each way; a round trip between two brokers takes twice as long. */
    async delay(ms: number): Promise<void> {
      for (const name of names)
        await (ms === 0 ? network.clear(name) : network.set(name, { type: 'latency', ms }))
    },
    async end(): Promise<void> {
      await watchdog.drain()
      await network.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
