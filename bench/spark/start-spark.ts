import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { javaEnvironment } from '../../deploy/kafka/java.ts'
import { installSpark, type SparkInstallation } from '../../deploy/spark/install-spark.ts'
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
  /** Rejects when the job ends by itself. */
  ended: Promise<never>
  stop: () => Promise<void>
  /** Runs a script of deploy/spark in a Spark of its own; resolves with its standard output. */
  run: (script: string, args: string[]) => Promise<string>
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
export async function startSpark(options: Options): Promise<SparkJob> {
  const { watchdog, folder, log } = options
  const installation = await installSpark(watchdog, log)
  log(`starting Spark, ${MASTER}`)
  const submit = (script: string, args: string[]) => submitTo(installation, options, script, args)
  const child = submit('notifications.py', [])
  let offsets: Record<string, number> = {}
  let stopping = false
  const exit = once(child, 'exit')
  const ended = exit.then(([code]: unknown[]) => {
    if (!stopping) throw new Error(`Spark ended with ${String(code)}, see ${logIn(folder)}`)
    return new Promise<never>(() => undefined)
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
  return {
    version,
    offsets: () => offsets,
    ended,
    async stop() {
      stopping = true
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
      await exit
    },
    async run(script, args) {
      const job = submit(script, args)
      const output = job.stdout ? new Response(Readable.toWeb(job.stdout)).text() : ''
      const [code] = (await once(job, 'exit')) as [number | null]
      if (code !== 0) throw new Error(`${script} ended with ${code}, see ${logIn(folder)}`)
      return output
    },
  }
}

const logIn = (folder: string) => join(folder, 'spark.log')

function submitTo(
  { submit, env, jars }: SparkInstallation,
  { watchdog, folder, brokers, topics }: Options,
  script: string,
  args: string[],
): ChildProcess {
  const output = openSync(logIn(folder), 'a')
  const child = watchdog.spawn(
    'processor',
    submit,
    [
      `--master=${MASTER}`,
      `--jars=${jars.join(',')}`,
      `--py-files=${inProject('deploy/spark/select_notifications.py')}`,
      ...Object.entries(settings).map(([name, value]) => `--conf=${name}=${value}`),
      inProject(`deploy/spark/${script}`),
      ...args,
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
  return child
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
