import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { javaEnvironment } from '../../deploy/kafka/java.ts'
import { installSpark } from '../../deploy/spark/install-spark.ts'
import type { Watchdog } from '../../deploy/watchdog.ts'
import { inProject } from '../program.ts'

interface Options {
  watchdog: Watchdog
  folder: string
  brokers: string
  topics: { data: string; spark: string }
  log: (line: string) => void
}

export interface SparkJob {
  version: string
  /** Number of records of each partition of DataTopic whose notifications are written. */
  offsets: () => Readonly<Record<string, number>>
  /** Rejects when the job ends. */
  ended: Promise<never>
}

const lineSchema = z.union([
  z.object({ started: z.string() }),
  z.object({ offsets: z.record(z.string(), z.number()) }),
])

/** A master and two workers with an executor each, which are processes of their own: Spark calls it local-cluster. */
const MASTER = 'local-cluster[2,1,1024]'
const settings = {
  'spark.driver.memory': '640m',
  'spark.executor.memory': '640m',
  'spark.sql.shuffle.partitions': '2',
  'spark.ui.enabled': 'false',
  'spark.log.level': 'ERROR',
}

/** Starts deploy/spark/notifications.py; resolves when its query runs. */
export async function startSpark({ watchdog, folder, brokers, topics, log }: Options): Promise<SparkJob> {
  const { submit, env, jars } = await installSpark(watchdog, log)
  log(`starting Spark, ${MASTER}`)
  const logFile = join(folder, 'spark.log')
  const output = openSync(logFile, 'a')
  const child = watchdog.spawn(
    'processor',
    submit,
    [
      ...['--master', MASTER, '--jars', jars.join(',')],
      ...['--py-files', inProject('deploy/spark/select_notifications.py')],
      ...Object.entries(settings).flatMap(([name, value]) => ['--conf', `${name}=${value}`]),
      inProject('deploy/spark/notifications.py'),
    ],
    {
      env: {
        ...javaEnvironment(),
        ...env,
        // Without both, the executors look for the master at the address of the network, where it does not listen.
        SPARK_LOCAL_IP: '127.0.0.1',
        SPARK_LOCAL_HOSTNAME: 'localhost',
        SPARK_WORKER_DIR: join(folder, 'spark-work'),
        SPARK_LOCAL_DIRS: join(folder, 'spark-local'),
        KAFKA_BROKERS: brokers,
        DATA_TOPIC: topics.data,
        SPARK_TOPIC: topics.spark,
        CHECKPOINTS: join(folder, 'spark-checkpoints'),
      },
      stdout: 'pipe',
      stderr: output,
    },
  )
  closeSync(output)
  let offsets: Record<string, number> = {}
  const ended = once(child, 'exit').then(([code]: unknown[]) => {
    throw new Error(`Spark ended with ${String(code)}, see ${logFile}`)
  })
  ended.catch(() => undefined)
  const started = new Promise<string>((resolve) => {
    if (child.stdout === null) return
    createInterface(child.stdout).on('line', (text) => {
      const line = lineSchema.safeParse(parse(text))
      if (!line.success) return
      if ('started' in line.data) resolve(line.data.started)
      else offsets = line.data.offsets
    })
  })
  const version = await Promise.race([started, ended])
  return { version, offsets: () => offsets, ended }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
