import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { keepAdmin } from '../../backbone/kafka/admin.ts'
import { createTopicAdmin } from '../../backbone/kafka/topic-admin.ts'
import { ensureTopics } from '../../backbone/kafka/topics.ts'
import { startKafka } from '../../deploy/kafka/start-kafka.ts'
import { startWatchdog } from '../../deploy/watchdog.ts'
import { cpuMs } from '../cpu-time.ts'
import { pin } from '../pin.ts'
import { residentMiB } from '../resident-mib.ts'

const RETENTION_HOURS = 168

/** A Kafka for measurements, whose topics have unique names. */
export interface Cluster {
  brokers: string[]
  kafka: Kafka
  /** Creates empty topics; call their `remove` when they are no longer needed. */
  createTopics: (partitions: number) => Promise<BenchTopics>
  /** Kills the first broker and restarts it after this time; resolves when it serves again. */
  killBroker: (awayMs: number) => Promise<void>
  /** Resident memory of all its brokers together. */
  residentMiB: () => number
  /** CPU time of all its brokers together. */
  cpuMs: () => number
}

export interface BenchTopics {
  names: {
    DATA_TOPIC: string
    NOTIFICATIONS_TOPIC: string
    DEAD_LETTER_TOPIC: string
    FOLLOW_UP_TOPIC: string
    FIGURES_TOPIC: string
    HISTORY_TOPIC: string
    LAYOUT_TOPIC: string
  }
  remove: () => Promise<void>
}

export interface BenchSite {
  folder: string
  /** Duration of each load. */
  seconds: number
  /** Number of records to drain. */
  records: number
  /** The commit of an older build to compare with. */
  build?: string | undefined
  cluster: (brokers: 1 | 3) => Promise<Cluster>
  end: () => Promise<void>
}

interface SiteOptions {
  seconds: number
  records: number
  build?: string | undefined
  log: (line: string) => void
}

/** Starts a cluster on first use; everything ends with this process. */
export function openSite({ seconds, records, build, log }: SiteOptions): BenchSite {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const watchdog = startWatchdog(folder)
  const clusters = new Map<1 | 3, Promise<Cluster>>()

  async function start(count: 1 | 3): Promise<Cluster> {
    const { bootstrap, brokers } = await startKafka({
      dataDir: join(folder, `kafka-${count}`),
      brokers: count,
      watchdog,
      log,
    })
    for (const { child } of brokers) if (child.pid !== undefined) pin(child.pid, 'rest')
    const kafka = new Kafka({ brokers: bootstrap, logLevel: logLevel.NOTHING })
    return {
      brokers: bootstrap,
      kafka,
      createTopics: (partitions) => createTopics(kafka, partitions),
      async killBroker(awayMs) {
        const [broker] = brokers
        await broker?.child.kill('SIGKILL')
        await sleep(awayMs)
        broker?.child.start()
        if (broker?.child.pid !== undefined) pin(broker.child.pid, 'rest')
        await broker?.ready()
      },
      residentMiB: () => brokers.reduce((sum, { child }) => sum + residentMiB(child.pid ?? 0), 0),
      cpuMs: () => brokers.reduce((sum, { child }) => sum + cpuMs(child.pid ?? 0), 0),
    }
  }

  // Also asked for by a signal, while the run itself ends.
  let ending: Promise<void> | undefined
  async function end(): Promise<void> {
    await watchdog.drain()
    rmSync(folder, { recursive: true, force: true })
  }

  return {
    folder,
    seconds,
    records,
    build,
    cluster(count) {
      const cluster = clusters.get(count) ?? start(count)
      clusters.set(count, cluster)
      return cluster
    },
    end: () => (ending ??= end()),
  }
}

async function createTopics(kafka: Kafka, partitions: number): Promise<BenchTopics> {
  const run = randomUUID().slice(0, 8)
  const names = {
    DATA_TOPIC: `DataTopic-${run}`,
    NOTIFICATIONS_TOPIC: `Notifications-${run}`,
    DEAD_LETTER_TOPIC: `DeadLetter-${run}`,
    FOLLOW_UP_TOPIC: `FollowUp-${run}`,
    FIGURES_TOPIC: `Figures-${run}`,
    HISTORY_TOPIC: `History-${run}`,
    LAYOUT_TOPIC: `Layout-${run}`,
  }
  const settings = { ...names, PARTITIONS: partitions, RETENTION_HOURS }
  const topicAdmin = keepAdmin(() => createTopicAdmin(kafka))
  await topicAdmin.use((admin) => ensureTopics(admin, settings))
  await topicAdmin.close()
  return {
    names,
    // An older build does not create the topic of figures.
    remove: () =>
      withAdmin(kafka, async (admin) => {
        const existing = await admin.listTopics()
        await admin.deleteTopics({ topics: Object.values(names).filter((name) => existing.includes(name)) })
      }),
  }
}

async function withAdmin<T>(
  kafka: Kafka,
  work: (admin: ReturnType<Kafka['admin']>) => Promise<T>,
): Promise<T> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}
