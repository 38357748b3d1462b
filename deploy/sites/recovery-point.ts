import { z } from 'zod'
import { kafkaSettings } from '../../backbone/kafka/client.ts'
import { topicSettings } from '../../backbone/kafka/topics.ts'
import { homesNow } from '../../backbone/layout/homes.ts'
import { createLog } from '../../backbone/process/log.ts'
import { readSettings } from '../../backbone/process/settings.ts'
import { runCommand } from '../run-command.ts'
import { createEventComparison, formatMissing } from './missing-events.ts'
import { createRecordComparison } from './missing-records.ts'
import { help, parseRecoveryPointOptions, type RecoveryPointOptions } from './options.ts'
import { readHomes } from './read-homes.ts'
import { type ReadOptions, readToEnd } from './read-to-end.ts'

const EXIT_MISSING = 1
const EXIT_FAILED = 2

const log = createLog('recovery-point', { LOG_LEVEL: 'warn' })
const settingsSchema = z.object({ ...kafkaSettings, ...topicSettings })
type Settings = z.infer<typeof settingsSchema>

interface Sites {
  from: Settings
  to: Settings
  since: number | undefined
}

async function compare({ from, to, since, allTopics }: RecoveryPointOptions): Promise<number> {
  const settings = readSettings(settingsSchema, { ...process.env, KAFKA_BROKERS: from })
  const sites = { from: settings, to: { ...settings, KAFKA_BROKERS: [to] }, since }
  const areComplete = [await compareEvents(sites)]
  if (allTopics)
    for (const topic of otherTopics(settings)) areComplete.push(await compareRecords(topic, sites))
  return areComplete.every(Boolean) ? 0 : EXIT_MISSING
}

async function compareEvents({ from, to, since }: Sites): Promise<boolean> {
  const homes = await readHomes(from, log)
  const comparison = createEventComparison(homes)
  const topic = from.DATA_TOPIC
  const partitions = await readExisting({ settings: from, topic, since, take: comparison.accepted, log })
  await readExisting({ settings: to, topic, since, take: comparison.arrived, log })
  const missing = comparison.missing()
  for (const line of formatMissing(missing, Math.min(partitions, homesNow(homes)))) console.log(line)
  return missing.length === 0
}

async function compareRecords(
  { topic, isCompacted }: OtherTopic,
  { from, to, since }: Sites,
): Promise<boolean> {
  const comparison = createRecordComparison(isCompacted)
  await readExisting({ settings: from, topic, since, take: (_, record) => comparison.stored(record), log })
  await readExisting({ settings: to, topic, since, take: (_, record) => comparison.arrived(record), log })
  console.log(`missing in ${topic}: ${comparison.missing()}`)
  return comparison.missing() === 0
}

/** Nothing is missing in a topic that cannot be seen: that must not look like a complete copy. */
async function readExisting(options: ReadOptions): Promise<number> {
  const partitions = await readToEnd(options)
  const { topic, settings } = options
  if (partitions === 0)
    throw new Error(`${topic} does not exist at ${settings.KAFKA_BROKERS.join()}, or may not be read`)
  return partitions
}

interface OtherTopic {
  topic: string
  isCompacted: boolean
}

const otherTopics = (settings: Settings): OtherTopic[] => [
  ...[settings.NOTIFICATIONS_TOPIC, settings.DEAD_LETTER_TOPIC, settings.FOLLOW_UP_TOPIC].map((topic) => ({
    topic,
    isCompacted: false,
  })),
  ...[settings.HISTORY_TOPIC, settings.LAYOUT_TOPIC].map((topic) => ({ topic, isCompacted: true })),
]

await runCommand({
  name: 'recovery-point',
  help,
  parse: parseRecoveryPointOptions,
  run: compare,
  exitCodes: { failed: EXIT_FAILED, wrongOptions: EXIT_FAILED },
})
// A client that Kafka refuses keeps trying.
process.exit()
