import { sparkVersion } from '../../deploy/spark/install-spark.ts'
import { inProject, program } from '../program.ts'
import { MissingProgramError } from '../tools/unique-load.ts'
import { type Comparison, inTurn } from './comparison.ts'
import { onlyClassify, prepareDrain } from './drain.ts'
import { measureOutcomeDelay, type Worker } from './outcome-delay.ts'

const RATE = 200
const LEAST_SECONDS = 30

/** Spark's Structured Streaming on three threads; its configuration is in the job. */
function sparkJob(write: 'rows' | 'batches', trigger = ''): Worker {
  const submit = Bun.which('spark-submit')
  if (submit === null) {
    const install = `pip install pyspark==${sparkVersion} confluent-kafka`
    throw new MissingProgramError(`spark-submit is not on PATH: ${install}`)
  }
  const connector = `org.apache.spark:spark-sql-kafka-0-10_2.13:${sparkVersion}`
  const query = inProject('deploy/spark/select_notifications.py')
  const options = ['--master', 'local[3]', '--packages', connector, '--py-files', query]
  const settings = {
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.driver.host': '127.0.0.1',
    'spark.log.level': 'ERROR',
    'spark.ui.enabled': 'false',
  }
  const conf = Object.entries(settings).flatMap(([name, value]) => ['--conf', `${name}=${value}`])
  return {
    command: [submit, ...options, ...conf, inProject('bench/servers/spark-job.py')],
    settings: { WRITE: write, TRIGGER: trigger },
  }
}

const drained = (name: string, write: 'rows' | 'batches', how: string, target: number): Comparison => ({
  name,
  measured: 'a processor that only classifies, exactly once',
  baseline: `Spark, local[3], at least once: ${how}`,
  shown: { perSecond: 'records/s', residentMiB: 'MiB', missing: 'missing', doubled: 'duplicated' },
  ratios: [{ figure: 'perSecond', title: 'records/s', better: 'more', target }],
  prepare: async (site) => prepareDrain(site, { settings: onlyClassify }, sparkJob(write)),
})

export const sparkBatches = drained('spark', 'batches', 'foreachBatch, entirely in the JVM', 1)
export const sparkRows = drained('spark-rows', 'rows', 'foreach, row by row in Python', 1.5)

const delayed = (name: string, trigger: string, how: string, target: number): Comparison => ({
  name,
  measured: `a processor: from a checkout to its message, at ${RATE}/s`,
  baseline: `Spark, local[3], foreachBatch ${how}`,
  shown: { p50: 'p50, ms', p99: 'p99, ms', perSecond: 'checkouts/s', missing: 'missing' },
  ratios: [{ figure: 'p99', title: 'p99', better: 'less', target }],
  async prepare(site) {
    const job = sparkJob('batches', trigger)
    const seconds = Math.max(LEAST_SECONDS, site.seconds)
    const measure = (worker: Worker) =>
      measureOutcomeDelay({ ...site, seconds }, { ...worker, perSecond: RATE })
    return {
      round: inTurn(
        () => measure({ command: program('processor/main.ts'), settings: {} }),
        () => measure(job),
      ),
    }
  },
})

export const sparkDelay = delayed('spark-delay', '9 seconds', 'every 9 s', 1 / 100)
export const sparkSoonest = delayed('spark-soonest', '', 'as soon as possible', 1 / 20)
