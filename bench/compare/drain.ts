import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import { freePorts } from '../../deploy/ports.ts'
import { program } from '../program.ts'
import { startService } from '../start-service.ts'
import { auditTopic } from './audit-topic.ts'
import { type Comparison, type Figures, inTurn } from './comparison.ts'
import { fillTopic } from './fill-topic.ts'
import type { BenchTopics, Cluster } from './site.ts'

const PARTITIONS = 6
const LOOK_MS = 100
const SETTLED_MS = 1_000
// Starting up and compiling are another question.
const WARM_SHARE = 0.1

interface DrainRun {
  cluster: Cluster
  /** Has the records. */
  dataTopic: string
  records: number
  command: string[]
  folder: string
}

/** Lets a fresh group work on all of a topic, and tells how fast outcomes came after the first tenth of them. */
async function measureDrain({ cluster, dataTopic, records, command, folder }: DrainRun): Promise<Figures> {
  const topics = await cluster.createTopics(PARTITIONS)
  const [port = 0] = await freePorts(1)
  const run = randomUUID().slice(0, 8)
  const env = {
    KAFKA_BROKERS: cluster.brokers.join(','),
    ...topics.names,
    DATA_TOPIC: dataTopic,
    GROUP_ID: `bench-${run}`,
    VIEW_FILE: join(folder, run, 'view.db'),
  }
  const admin = cluster.kafka.admin()
  await admin.connect()
  const service = await startService({ command, port, env, role: 'product' })
  try {
    const { perSecond } = await watchGrowth(admin, topics, records)
    const cpuMs = service.cpuMs()
    const audit = await auditTopic(cluster.kafka, topics.names.NOTIFICATIONS_TOPIC)
    return {
      perSecond,
      cpuUs: (cpuMs * 1_000) / records,
      residentMiB: service.residentMiB(),
      missing: records - audit.events,
      doubled: audit.records - audit.events,
    }
  } finally {
    await service.stop()
    await admin.disconnect()
    await topics.remove()
  }
}

/** By the ends of the log, which count markers of transactions too, of which there are few; ends when nothing comes any more. */
async function watchGrowth(admin: Admin, { names }: BenchTopics, records: number) {
  const first = { at: 0, written: 0 }
  const last = { at: 0, written: 0 }
  for (;;) {
    await sleep(LOOK_MS)
    const written = await endOf(admin, names.NOTIFICATIONS_TOPIC)
    const at = performance.now()
    if (first.at === 0 && written >= records * WARM_SHARE) Object.assign(first, { at, written })
    if (written > last.written) Object.assign(last, { at, written })
    if (last.written >= records && at - last.at > SETTLED_MS) {
      return { perSecond: ((last.written - first.written) * 1_000) / (last.at - first.at) }
    }
  }
}

/** Of a topic that was only just made a broker may not know yet that it leads it. */
async function endOf(admin: Admin, topic: string): Promise<number> {
  const offsets = await admin.fetchTopicOffsets(topic).catch(() => [])
  return offsets.reduce((sum, { high }) => sum + Number(high), 0)
}

export const drain: Comparison = {
  name: 'drain',
  ours: 'a processor: classified, deduplicated, in its view, served',
  theirs: 'kafkajs alone, copying each batch in a transaction',
  shown: {
    perSecond: 'records/s',
    cpuUs: 'CPU µs each',
    residentMiB: 'MiB',
    missing: 'missing',
    doubled: 'doubled',
  },
  ratios: [{ figure: 'perSecond', title: 'records/s', better: 'more', reach: 0.7 }],
  async prepare({ cluster, records, folder }) {
    const one = await cluster(1)
    const input = await one.createTopics(PARTITIONS)
    const dataTopic = input.names.DATA_TOPIC
    await fillTopic(one.kafka, dataTopic, { partitions: PARTITIONS, records })
    const measure = (command: string[]) => measureDrain({ cluster: one, dataTopic, records, command, folder })
    return {
      round: inTurn(
        () => measure(program('processor/main.ts')),
        () => measure(program('bench/servers/bare-copy.ts')),
      ),
      end: input.remove,
    }
  },
}
