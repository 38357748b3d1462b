import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createChild } from '../child.ts'
import { LaunchError } from '../launch-error.ts'
import { freePorts } from '../ports.ts'
import type { Watchdog } from '../watchdog.ts'
import { type Broker, createBroker } from './broker.ts'
import { openDataFolder } from './data-folder.ts'
import { formatStorage } from './format-storage.ts'
import { ensureJars, kafkaVersion } from './jars.ts'
import { findJava, javaEnvironment } from './java.ts'
import { jvmFlags } from './jvm-flags.ts'
import { type KafkaNode, serverProperties } from './server-properties.ts'

export interface KafkaOptions {
  dataDir: string
  brokers: 1 | 3
  /** Of the first broker; the others follow. Without it, free ones. */
  port?: number
  watchdog: Watchdog
  log: (line: string) => void
  /** Added to a broker's settings; they replace those of the same name. */
  properties?: (node: KafkaNode) => Record<string, string>
}

export interface KafkaCluster {
  readonly bootstrap: string[]
  readonly brokers: Broker[]
}

export interface PreparedKafka {
  /** Where it will be. */
  readonly bootstrap: string[]
  /** Resolves when every broker serves. */
  start: () => Promise<Broker[]>
}

/** Runs a Kafka until the watchdog drains; resolves when every broker serves. */
export async function startKafka(options: KafkaOptions): Promise<KafkaCluster> {
  const { bootstrap, start } = await prepareKafka(options)
  return { bootstrap, brokers: await start() }
}

/** All that {@link startKafka} needs: Java, the jars, ports. */
export async function prepareKafka(options: KafkaOptions): Promise<PreparedKafka> {
  const { brokers: count, watchdog, log, properties = () => ({}) } = options
  const folder = resolve(options.dataDir)
  if (folder.includes(','))
    throw new LaunchError(`Kafka takes ${folder} for two folders: choose one without a comma (--data)`)
  const java = findJava()
  const cluster = openDataFolder(folder, kafkaVersion, count)
  const jars = await ensureJars(watchdog, log)
  const nodes = await assignPorts(count, options.port)

  async function prepare(node: KafkaNode): Promise<Broker> {
    const name = `kafka-${node.id}`
    const dataDir = join(folder, name)
    const propertiesFile = join(folder, `${name}.properties`)
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(propertiesFile, serverProperties(node, nodes, dataDir, properties(node)))
    await formatStorage({
      java,
      jars,
      clusterId: cluster.id,
      nodeId: node.id,
      propertiesFile,
      dataDir,
      watchdog,
    })
    const logFile = join(folder, 'logs', `${name}.log`)
    const logging = new URL('log4j2.properties', import.meta.url)
    const system = [`-Dlog4j2.configurationFile=${logging.href}`, `-Dkafka.log=${logFile}`]
    const child = createChild({
      name,
      stage: 'kafka',
      command: java.command,
      args: (environment) => [
        ...jvmFlags(jars, java, environment),
        ...system,
        '-cp',
        join(jars, '*'),
        'kafka.Kafka',
        propertiesFile,
      ],
      env: javaEnvironment(),
      logFile,
      // Kafka rotates its log by itself (log4j2.properties); what Java prints when it crashes must not be rotated away.
      outputFile: join(folder, 'logs', `${name}.out`),
      watchdog,
    })
    return createBroker(child, cluster.id, node.id, node.port)
  }

  async function start(): Promise<Broker[]> {
    log(`starting Kafka ${kafkaVersion} (${count === 1 ? '1 broker' : `${count} brokers`})`)
    const brokers = await Promise.all(nodes.map(prepare))
    for (const { child } of brokers) child.start()
    await Promise.all(brokers.map((broker) => broker.ready()))
    return brokers
  }
  return { bootstrap: nodes.map(({ port }) => `127.0.0.1:${port}`), start }
}

async function assignPorts(count: number, first: number | undefined): Promise<KafkaNode[]> {
  const free = await freePorts(2 * count)
  return Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    port: first === undefined ? (free[i] ?? 0) : first + i,
    controllerPort: free[count + i] ?? 0,
  }))
}
