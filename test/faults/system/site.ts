import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from '../../../deploy/ports.ts'
import type { Watchdog } from '../../../deploy/watchdog.ts'
import type { Network } from '../network/network.ts'
import type { FaultyCluster } from './cluster.ts'
import type { KafkaUser } from './kafka-user.ts'
import { gatewayNames, processorNames, type UserName } from './names.ts'
import type { Part, UnexpectedEnd } from './part.ts'
import { createGateway, createProcessor, type Processor, type Service } from './services.ts'

export interface Topics {
  data: string
  notifications: string
  deadLetter: string
  followUp: string
  figures: string
  history: string
  layout: string
}

/** The targets of faults, and everything that the judge reads. */
export interface Site {
  gateways: Service[]
  processors: Processor[]
  users: Record<UserName, KafkaUser>
  network: Network
  cluster: FaultyCluster
  topics: Topics
  /** Partitions that customers were spread over, from the start; the last number is that of the last change. */
  partitionCounts: number[]
  groupId: string
  folder: string
  /** Addresses of the gateways for clients: over links. */
  gatewayUrls: string[]
  part(name: string): Part
  /** An additional processor, with its own topics or group. */
  extraProcessor(name: string, environment: NodeJS.ProcessEnv): Promise<Processor>
  /** Ends the gateways, then the processors, like a shutdown. */
  stop(): Promise<void>
}

interface SiteOptions {
  /** Distinguishes runs on one cluster. */
  run: string
  folder: string
  cluster: FaultyCluster
  users: Record<UserName, KafkaUser>
  network: Network
  watchdog: Watchdog
  /** Added to the environment of every gateway and processor. */
  environment: NodeJS.ProcessEnv
  onUnexpectedEnd: (end: UnexpectedEnd) => void
}

const PARTITIONS = 6

/** Two gateways and three processors, ready, with their own topics and group. */
export async function startSite(options: SiteOptions): Promise<Site> {
  const { run, cluster, users, network, watchdog, onUnexpectedEnd } = options
  const folder = join(options.folder, run)
  mkdirSync(folder, { recursive: true })
  const topics = {
    data: `DataTopic-${run}`,
    notifications: `Notifications-${run}`,
    deadLetter: `DeadLetter-${run}`,
    followUp: `FollowUp-${run}`,
    figures: `Figures-${run}`,
    history: `History-${run}`,
    layout: `Layout-${run}`,
  }
  const groupId = `processor-${run}`
  const environment = {
    PATH: process.env['PATH'],
    DATA_TOPIC: topics.data,
    NOTIFICATIONS_TOPIC: topics.notifications,
    DEAD_LETTER_TOPIC: topics.deadLetter,
    FOLLOW_UP_TOPIC: topics.followUp,
    FIGURES_TOPIC: topics.figures,
    HISTORY_TOPIC: topics.history,
    LAYOUT_TOPIC: topics.layout,
    PARTITIONS: String(PARTITIONS),
    GROUP_ID: groupId,
    ...options.environment,
  }
  const ports = await freePorts(gatewayNames.length + processorNames.length)
  const common = { folder, watchdog, onUnexpectedEnd }
  const reaching = (client: string, user: UserName) => ({
    ...environment,
    ...users[user].environment,
    KAFKA_BROKERS: cluster.reachedBy(client).join(','),
  })

  const processors = processorNames.map((name) =>
    createProcessor({ ...common, name, port: ports.pop() ?? 0, environment: reaching(name, 'processor') }),
  )
  const linkTo = async (from: string, { name, url }: Service) =>
    `http://127.0.0.1:${await network.link(`${from}→${name}`, { port: Number(new URL(url).port) })}`
  const gateways = await Promise.all(
    gatewayNames.map(async (name) => {
      const results = await Promise.all(processors.map((processor) => linkTo(name, processor)))
      const own = { ...reaching(name, 'gateway'), PROCESSOR_URLS: results.join(',') }
      return createGateway({ ...common, name, port: ports.pop() ?? 0, environment: own })
    }),
  )
  const gatewayUrls = await Promise.all(gateways.map((gateway) => linkTo('clients', gateway)))
  const services = [...processors, ...gateways]
  for (const service of services) service.start()
  try {
    await Promise.all(services.map((service) => service.ready()))
  } catch (error) {
    await Promise.all(services.map((service) => service.kill()))
    throw error
  }
  const parts = new Map<string, Part>(
    [...gateways, ...processors, ...cluster.parts].map((part) => [part.name, part]),
  )

  return {
    gateways,
    processors,
    users,
    network,
    cluster,
    topics,
    partitionCounts: [PARTITIONS],
    groupId,
    folder,
    gatewayUrls,
    part(name) {
      const part = parts.get(name)
      if (!part) throw new Error(`there is no ${name}`)
      return part
    },
    async extraProcessor(name, extra) {
      const [port = 0] = await freePorts(1)
      const own = { ...environment, KAFKA_BROKERS: cluster.bootstrap.join(','), ...extra }
      const processor = createProcessor({ ...common, name, port, environment: own })
      processor.start()
      await processor.ready()
      return processor
    },
    async stop() {
      for (const layer of [gateways, processors]) await Promise.all(layer.map((service) => service.stop()))
    },
  }
}
