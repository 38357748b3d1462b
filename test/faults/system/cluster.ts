import { join } from 'node:path'
import { type KafkaCluster, startKafka } from '../../../deploy/kafka/start-kafka.ts'
import { freePorts } from '../../../deploy/ports.ts'
import type { Watchdog } from '../../../deploy/watchdog.ts'
import type { Network } from '../network/network.ts'
import { SASL_MECHANISM } from './kafka-user.ts'
import { brokerLink, brokerNames } from './names.ts'
import { createPart, type Part, type UnexpectedEnd } from './part.ts'

export interface FaultyCluster extends Pick<KafkaCluster, 'bootstrap'> {
  parts: Part[]
  /** Data folder of a broker, by its name. */
  dataDir(name: string): string
  /** The bootstrap brokers for one of the clients, at its own listeners. */
  reachedBy(client: string): string[]
}

interface ClusterOptions {
  folder: string
  network: Network
  /** Each reaches every broker by its own listener and link. */
  clients: string[]
  watchdog: Watchdog
  log: (line: string) => void
  onUnexpectedEnd: (end: UnexpectedEnd) => void
}

/**
 * Three brokers. Each client of a broker has its own link to it, which can be disturbed separately, and must
 * authenticate.
 */
export async function startCluster(options: ClusterOptions): Promise<FaultyCluster> {
  const { folder, network, clients, watchdog, log, onUnexpectedEnd } = options
  const ways = ['peers', ...clients]
  const real = new Map<string, number>()
  const linked = new Map<string, number>()
  const free = await freePorts(brokerNames.length * (ways.length + 1))
  for (const broker of brokerNames) {
    for (const way of [...ways, 'controllers']) {
      const name = brokerLink(way, broker)
      const port = free.pop() ?? 0
      real.set(name, port)
      linked.set(name, await network.link(name, { port }))
    }
  }
  const at = (ports: Map<string, number>, way: string, broker: string) =>
    `127.0.0.1:${ports.get(brokerLink(way, broker))}`

  const kafka = await startKafka({
    dataDir: folder,
    brokers: 3,
    watchdog,
    log,
    properties: ({ id, port }) => {
      const broker = `kafka-${id}`
      const listeners = (addresses: Map<string, number>) => [
        ...ways.map((way) => `${listenerName(way)}://${at(addresses, way, broker)}`),
        // The judge's own listener, without faults.
        `BROKER://127.0.0.1:${port}`,
      ]
      return {
        listeners: [...listeners(real), `CONTROLLER://${at(real, 'controllers', broker)}`].join(','),
        'advertised.listeners': listeners(linked).join(','),
        'controller.quorum.voters': brokerNames
          .map((voter, i) => `${i + 1}@${at(linked, 'controllers', voter)}`)
          .join(','),
        'listener.security.protocol.map': [
          ...clients.map((client) => `${listenerName(client)}:SASL_PLAINTEXT`),
          ...[listenerName('peers'), 'BROKER', 'CONTROLLER'].map((name) => `${name}:PLAINTEXT`),
        ].join(','),
        'sasl.enabled.mechanisms': SASL_MECHANISM.toUpperCase(),
        ...Object.fromEntries(
          clients.map((client) => [
            `listener.name.${listenerName(client).toLowerCase()}.${SASL_MECHANISM}.sasl.jaas.config`,
            'org.apache.kafka.common.security.scram.ScramLoginModule required;',
          ]),
        ),
        // A changed password must affect open connections within the duration of a fault.
        'connections.max.reauth.ms': '15000',
        'inter.broker.listener.name': listenerName('peers'),
        'num.network.threads': '1',
        // An isolated follower leaves the in-sync replicas within the duration of a fault (30 s by default).
        'replica.lag.time.max.ms': '5000',
        // State of killed members must expire within a run (10 min by default).
        'offsets.retention.check.interval.ms': '5000',
      }
    },
  })
  return {
    bootstrap: kafka.bootstrap,
    parts: kafka.brokers.map(({ child, ready }) => createPart(child, ready, onUnexpectedEnd)),
    dataDir: (name) => join(folder, name),
    reachedBy: (client) => brokerNames.map((broker) => at(linked, client, broker)),
  }
}

const listenerName = (way: string) => way.toUpperCase().replaceAll('-', '_')
