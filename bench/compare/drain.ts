import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import { freePorts } from '../../deploy/ports.ts'
import { program } from '../program.ts'
import { startServices } from '../start-service.ts'
import { auditTopic } from './audit-topic.ts'
import { type Comparison, type Figures, inTurn, type Pair } from './comparison.ts'
import { fillTopic, slowAmong } from './fill-topic.ts'
import type { BenchSite, BenchTopics, Cluster } from './site.ts'

const PARTITIONS = 6
const LOOK_MS = 100
const SETTLED_MS = 1_000
// Excludes start-up and compilation.
const WARM_SHARE = 0.1

interface DrainRun {
  cluster: Cluster
  /** The topic with the records. */
  dataTopic: string
  records: number
  command: string[]
  folder: string
  /** Processes in the group. */
  members: number
  settings: Record<string, string>
}

/** Lets a new group process a whole topic, and measures the rate of outcomes after the first tenth. */
async function measureDrain(options: DrainRun): Promise<Figures> {
  const { cluster, dataTopic, records, command, folder, members, settings } = options
  const topics = await cluster.createTopics(PARTITIONS)
  const run = randomUUID().slice(0, 8)
  const env = {
    KAFKA_BROKERS: cluster.brokers.join(','),
    ...topics.names,
    DATA_TOPIC: dataTopic,
    GROUP_ID: `bench-${run}`,
    ...settings,
  }
  const admin = cluster.kafka.admin()
  await admin.connect()
  const ports = await freePorts(members)
  const services = await startServices(
    ports.map((port) => ({
      command,
      port,
      env: { ...env, VIEW_FILE: join(folder, run, `${port}.db`) },
      role: 'product',
    })),
  )
  try {
    const { perSecond } = await watchGrowth(admin, topics, records)
    const cpuMs = services.cpuMs()
    const [audit, followUps] = await Promise.all([
      auditTopic(cluster.kafka, topics.names.NOTIFICATIONS_TOPIC),
      auditTopic(cluster.kafka, topics.names.FOLLOW_UP_TOPIC),
    ])
    return {
      perSecond,
      cpuUs: (cpuMs * 1_000) / records,
      residentMiB: services.residentMiB(),
      peakMiB: services.peakMiB(),
      missing: records - audit.events,
      doubled: audit.records - audit.events,
      notFollowedUp: slowAmong(records) - followUps.events,
    }
  } finally {
    await services.stop()
    await admin.disconnect()
    await topics.remove()
  }
}

/**
 * Measured by the ends of the log, which include the few transaction markers; ends when no more records
 * arrive. `from` are the ends before.
 */
export async function watchGrowth(admin: Admin, { names }: BenchTopics, records: number, from = 0) {
  const first = { at: 0, written: 0 }
  const last = { at: 0, written: 0 }
  for (;;) {
    await sleep(LOOK_MS)
    const written = (await endOf(admin, names.NOTIFICATIONS_TOPIC)) - from
    const at = performance.now()
    if (first.at === 0 && written >= records * WARM_SHARE) Object.assign(first, { at, written })
    if (written > last.written) Object.assign(last, { at, written })
    if (last.written >= records && at - last.at > SETTLED_MS) {
      return { perSecond: ((last.written - first.written) * 1_000) / (last.at - first.at) }
    }
  }
}

/** 0 if that is unknown: a broker may not know yet that it leads a partition of a new topic. */
export async function endOf(admin: Admin, topic: string): Promise<number> {
  const offsets = await admin.fetchTopicOffsets(topic).catch(() => [])
  return offsets.reduce((sum, { high }) => sum + Number(high), 0)
}

type Group = Partial<Pick<DrainRun, 'command' | 'members' | 'settings'>>

/**
 * Both drain the same records; `sampled` is the share of them that have a sampled trace, and `repeated` of those that come
 * twice.
 */
export async function prepareDrain(
  site: BenchSite,
  measured: Group,
  baseline: Group,
  { sampled = 0, repeated = 0 } = {},
): Promise<Pair> {
  const { cluster, records, folder } = site
  const one = await cluster(1)
  const input = await one.createTopics(PARTITIONS)
  const dataTopic = input.names.DATA_TOPIC
  // The repeated ones first: the growth of Notifications ends with the last record.
  await fillTopic(one.kafka, dataTopic, { partitions: PARTITIONS, records: Math.round(records * repeated) })
  await fillTopic(one.kafka, dataTopic, { partitions: PARTITIONS, records, sampled })
  const processor = { command: program('processor/main.ts'), members: 1, settings: {} }
  const measure = (group: Group) =>
    measureDrain({ cluster: one, dataTopic, records, folder, ...processor, ...group })
  return {
    round: inTurn(
      () => measure(measured),
      () => measure(baseline),
    ),
    end: input.remove,
  }
}

const shown = {
  perSecond: 'records/s',
  cpuUs: 'CPU µs each',
  residentMiB: 'MiB',
  missing: 'missing',
  doubled: 'duplicated',
}

export const drain: Comparison = {
  name: 'drain',
  measured: 'a processor: classified, deduplicated, stored in its read model, served',
  baseline: 'kafkajs alone, copying each batch in a transaction',
  shown,
  ratios: [{ figure: 'perSecond', title: 'records/s', better: 'more', target: 0.7 }],
  prepare: (site) => prepareDrain(site, {}, { command: program('bench/servers/bare-copy.ts') }),
}

export const clientCopy: Comparison = {
  name: 'client-copy',
  measured: 'kafkajs alone, copying each batch in a transaction',
  baseline: '@platformatic/kafka, the same',
  shown,
  ratios: [
    { figure: 'perSecond', title: 'records/s', better: 'more', target: undefined },
    { figure: 'cpuUs', title: 'CPU each', better: 'less', target: undefined },
  ],
  prepare: (site) =>
    prepareDrain(
      site,
      { command: program('bench/servers/bare-copy.ts') },
      { command: program('bench/servers/copy-platformatic.ts') },
    ),
}

export const onlyClassify = { SERVE_RESULTS: 'false' }

export const pool: Comparison = {
  name: 'pool',
  measured: 'three processors that only classify, all on one core here',
  baseline: 'one of them',
  shown,
  ratios: [
    { figure: 'cpuUs', title: 'CPU each', better: 'less', target: undefined },
    { figure: 'perSecond', title: 'records/s', better: 'more', target: undefined },
  ],
  prepare: (site) => prepareDrain(site, { members: 3, settings: onlyClassify }, { settings: onlyClassify }),
}

export const servingPool: Comparison = {
  name: 'serving-pool',
  measured: 'three processors that serve all results, all on one core here',
  baseline: 'one of them',
  shown,
  ratios: pool.ratios,
  prepare: (site) => prepareDrain(site, { members: 3 }, {}),
}
