import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { launch } from '../../deploy/launch.ts'
import { freePorts } from '../../deploy/ports.ts'
import { startWatchdog } from '../../deploy/watchdog.ts'
import { type SparkJob, startSpark } from './start-spark.ts'

interface Options {
  /** A Kafka that runs already. */
  brokers: string | undefined
  log: (line: string) => void
}

export interface Pipelines {
  brokers: string[]
  kafka: Kafka
  gateway: string
  groupId: string
  topics: { data: string; notifications: string; spark: string }
  spark: SparkJob
  /** Ends all processes, and removes the topics. */
  end: () => Promise<void>
}

/** Starts Kafka, a gateway, a processor and the Spark job, with topics of their own. All end with this process. */
export async function startPipelines({ brokers, log }: Options): Promise<Pipelines> {
  const folder = mkdtempSync(join(tmpdir(), 'spark-'))
  const watchdog = startWatchdog(folder)
  const stopping = new AbortController()
  const run = randomUUID().slice(0, 8)
  const [port = 0, processorPort = 0, kafkaPort = 0] = await freePorts(3)
  const topics = {
    data: `DataTopic-${run}`,
    notifications: `Notifications-${run}`,
    spark: `SparkNotifications-${run}`,
  }
  const groupId = `agreement-${run}`
  const others = {
    DEAD_LETTER_TOPIC: `DeadLetter-${run}`,
    FOLLOW_UP_TOPIC: `FollowUp-${run}`,
    FIGURES_TOPIC: `Figures-${run}`,
  }
  let kafka: Kafka | undefined

  // Also called by a signal while the run itself ends.
  let ending: Promise<void> | undefined
  const end = () => (ending ??= endAll())

  async function endAll() {
    stopping.abort()
    if (kafka && brokers) await removeTopics(kafka, [...Object.values(topics), ...Object.values(others)])
    await watchdog.drain()
    rmSync(folder, { recursive: true, force: true })
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void end().finally(() => process.exit(1)))
  }
  try {
    const options = {
      port,
      processorPort,
      kafkaPort,
      data: folder,
      brokers: 1 as const,
      gateways: 1,
      processors: 1,
      kafkaBrokers: brokers,
      demo: false,
    }
    log('starting Kafka, a gateway and a processor')
    const addresses = await launch(options, {
      env: {
        PATH: Bun.env['PATH'],
        HOME: Bun.env['HOME'],
        JAVA_HOME: Bun.env['JAVA_HOME'],
        ...others,
        DATA_TOPIC: topics.data,
        NOTIFICATIONS_TOPIC: topics.notifications,
        GROUP_ID: groupId,
      },
      watchdog,
      report: log,
      ports: { processorPorts: [processorPort], metricsPorts: [] },
      stopping: stopping.signal,
    })
    const addressList = addresses.split(',')
    kafka = new Kafka({ brokers: addressList, logLevel: logLevel.NOTHING })
    await createTopic(kafka, topics.spark)
    const spark = await startSpark({ watchdog, folder, brokers: addresses, topics, log })
    return { brokers: addressList, kafka, gateway: `http://127.0.0.1:${port}`, groupId, topics, spark, end }
  } catch (error) {
    await end()
    throw error
  }
}

async function createTopic(kafka: Kafka, topic: string) {
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] })
  await admin.disconnect()
}

async function removeTopics(kafka: Kafka, topics: string[]) {
  const admin = kafka.admin()
  await admin.connect()
  const existing = await admin.listTopics()
  await admin.deleteTopics({ topics: topics.filter((topic) => existing.includes(topic)) })
  await admin.disconnect()
}
