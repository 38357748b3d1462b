import { z } from 'zod'
import { kafkaSettings } from '../../backbone/kafka/client.ts'
import { errorText } from '../../backbone/kafka/error-text.ts'
import { topicSettings } from '../../backbone/kafka/topics.ts'
import { homesNow } from '../../backbone/layout/homes.ts'
import { createLog } from '../../backbone/process/log.ts'
import { readSettings, SettingsError } from '../../backbone/process/settings.ts'
import { runCommand } from '../run-command.ts'
import { createEventComparison, formatMissing } from './missing-events.ts'
import { help, parseRecoveryPointOptions, type RecoveryPointOptions } from './options.ts'
import { readHomes } from './read-homes.ts'
import { readToEnd } from './read-to-end.ts'

const EXIT_MISSING = 1
const EXIT_FAILED = 2

const { DATA_TOPIC, LAYOUT_TOPIC, PARTITIONS } = topicSettings
const settingsSchema = z.object({ ...kafkaSettings, DATA_TOPIC, LAYOUT_TOPIC, PARTITIONS })

async function compare({ from, to, since }: RecoveryPointOptions): Promise<number> {
  const settings = readSettings(settingsSchema, { ...process.env, KAFKA_BROKERS: from })
  const log = createLog('recovery-point', { LOG_LEVEL: 'warn' })
  const homes = await readHomes(settings, log)
  const comparison = createEventComparison(homes)
  const readData = async (address: string, take: typeof comparison.accepted): Promise<number> => {
    const site = { ...settings, KAFKA_BROKERS: [address] }
    const partitions = await readToEnd({ settings: site, topic: settings.DATA_TOPIC, since, take, log })
    if (partitions === 0) throw new Error(`${settings.DATA_TOPIC} does not exist at ${address}`)
    return partitions
  }
  const partitions = await readData(from, comparison.accepted)
  await readData(to, comparison.arrived)
  const missing = comparison.missing()
  for (const line of formatMissing(missing, Math.min(partitions, homesNow(homes)))) console.log(line)
  return missing.length === 0 ? 0 : EXIT_MISSING
}

await runCommand({
  name: 'recovery-point',
  help,
  parse: parseRecoveryPointOptions,
  run: compare,
  exitCodes: { failed: EXIT_FAILED, wrongOptions: EXIT_FAILED },
  describeError: (error) => (error instanceof SettingsError ? error.message : errorText(error)),
})
// A client that Kafka refuses keeps trying.
process.exit()
