import { inspect } from 'node:util'
import { avoidIdleTimers } from '../../backbone/kafka/idle-timers.ts'
import { LaunchError } from '../../deploy/launch-error.ts'
import { type Flag, ownFlags, wholeNumber } from '../flags.ts'
import { isNotified } from './compare.ts'
import { askWhySlow, compareInsights } from './compare-insights.ts'
import { findDifferences } from './find-differences.ts'
import { formatAgreement } from './format-agreement.ts'
import { makeEvents } from './make-events.ts'
import { awaitBoth, readOurs, readSpark } from './read-verdicts.ts'
import { type Pipelines, startPipelines } from './start-pipelines.ts'
import { type WrittenRecords, writeDirectly, writeThroughGateway } from './write-events.ts'

// Each awkward case at least twice in both ways.
const LEAST_EVENTS = 5_000
const MOST_EVENTS = 150_000
// Of 40,000 outcomes and more GET /insights/slow reads a part only.
const COMPARED_WITH_INSIGHTS = 30_000
const THROUGH_GATEWAY = 0.2

avoidIdleTimers()
const brokers: Flag<string | undefined> = {
  takes: 'host:port,…',
  about: 'a Kafka that runs already; the topics have names of their own, and are removed (starts one)',
  read: (text) => text,
}
const flags = ownFlags(
  'npm run bench:spark',
  'Runs the same program on Spark beside the processor, and compares what they say of each record.',
  {
    events: wholeNumber('records in DataTopic', 100_000, { least: LEAST_EVENTS, most: MOST_EVENTS }),
    seed: wholeNumber('seed of the events', 1),
    brokers,
  },
)
const log = (line: string) => console.error(line)

try {
  const isOk = await run()
  process.exit(isOk ? 0 : 1)
} catch (error) {
  console.error(error instanceof LaunchError ? error.message : inspect(error))
  process.exit(2)
}

async function run(): Promise<boolean> {
  const pipelines = await startPipelines({ brokers: flags.brokers, log })
  try {
    console.log(`Spark ${pipelines.spark.version}, seed ${flags.seed}`)
    const written: WrittenRecords = new Map()
    const { slowPurchases, refused } = await writeAll(pipelines, written)
    log('reading both results')
    const agreement = findDifferences(written, await readOurs(pipelines), await readSpark(pipelines))
    console.log(formatAgreement(agreement))
    console.log(`\nrefused by the gateway, so that neither saw them: ${sum([...refused.values()])}`)
    log('computing the tables of slow purchases on Spark, which takes a minute or more')
    const insights = await compareInsights(pipelines, slowPurchases)
    const equal = insights.rows - insights.faults.length
    console.log(`\nof ${slowPurchases.purchases.of} purchases: ${equal} of ${insights.rows} rows are equal`)
    for (const fault of insights.faults) console.log(`not equal: ${fault}`)
    if (insights.faults.length > 0) return false
    return agreement.missing.length === 0 && agreement.differences.every(({ documented }) => documented)
  } finally {
    await pipelines.end()
  }
}

/** Asks why purchases were slow while there are few enough; resolves when both pipelines have processed all records. */
async function writeAll(pipelines: Pipelines, written: WrittenRecords) {
  const { kafka, topics, gateway } = pipelines
  const since = new Date()
  const events = makeEvents(flags.events, flags.seed)
  const first = Math.round(events.length * (1 - THROUGH_GATEWAY))
  const compared = Math.min(first, COMPARED_WITH_INSIGHTS)
  log(`writing ${compared} records to Kafka`)
  await writeDirectly(kafka, topics.data, events.slice(0, compared), written)
  await awaitBoth(pipelines, written, log)
  const outcomes = [...(await readOurs(pipelines)).values()]
  const purchases = outcomes.filter(({ kind }) => isNotified(kind)).length
  const slowPurchases = await askWhySlow(pipelines, since, purchases)
  if (first > compared) log(`writing ${first - compared} more records to Kafka`)
  await writeDirectly(kafka, topics.data, events.slice(compared, first), written)
  log(`sending ${events.length - first} records to the gateway`)
  const refused = await writeThroughGateway(gateway, events.slice(first), written)
  await awaitBoth(pipelines, written, log)
  return { slowPurchases, refused }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
