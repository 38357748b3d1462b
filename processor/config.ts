import { z } from 'zod'
import { assertGuarded, listenSettings } from '../backbone/http/listen-settings.ts'
import { kafkaSettings } from '../backbone/kafka/client.ts'
import { topicSettings } from '../backbone/kafka/topics.ts'
import { logSettings } from '../backbone/process/log.ts'
import {
  flag,
  numberAboveZero,
  readSettings,
  SettingsError,
  wholeNumber,
} from '../backbone/process/settings.ts'
import { tracingSettings } from '../backbone/tracing/tracing-settings.ts'
import type { FixedRules } from './classify/decide-outcome.ts'
import type { Messages } from './messages/messages.ts'
import {
  BUILT_IN,
  type MessageFiles,
  type MessageSettings,
  MessagesError,
  readMessages,
} from './messages/read-messages.ts'

function isTimeZone(name: string): boolean {
  try {
    // Offsets such as +03:00 are no zones of the database.
    return /^[A-Za-z]/.test(new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone)
  } catch {
    return false
  }
}

export const processorSettings = z.object({
  ...listenSettings,
  PORT: wholeNumber(0, 65535).default(8090).describe('Port of the results; 0: any free port'),
  ...kafkaSettings,
  ...topicSettings,
  GROUP_ID: z
    .string()
    .default('checkout-processor')
    .describe('Consumer group; also the prefix of the transactional ids'),
  VIEW_FILE: z
    .string()
    .default('.data/view.db')
    .describe("SQLite file of this processor's read model; rebuilt from Notifications when it is missing"),
  SERVE_RESULTS: flag
    .default(true)
    .describe(
      '`false`: this processor only classifies and reads only the outcomes of its own partitions; do not list it in `PROCESSOR_URLS`',
    ),
  MESSAGES_DIR: z
    .string()
    .optional()
    .describe(
      'Folder of [kinds of purchases and their messages](../guides/messages.md); none: the built-in ones',
    ),
  STORE_NAME: z.string().default('Falabella').describe('Name of the store in the messages'),
  QUICK_MINUTES: numberAboveZero
    .default(30)
    .describe(
      'Maximum `taps` of a quick purchase, in minutes, unless `rules.json` of `MESSAGES_DIR` has one',
    ),
  LONGEST_PLAUSIBLE_MINUTES: numberAboveZero
    .default(10_080)
    .describe('Maximum plausible `taps`, in minutes; a longer purchase is `unverified`'),
  TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'must be a time zone of the IANA database, such as America/Santiago')
    .default('America/Santiago')
    .describe(
      'Time zone of the store: hours in `GET /insights/slow` and in its text; days and weeks of the forecast',
    ),
  BROWSE_WAIT_MS: wholeNumber(100, 600_000)
    .default(5_000)
    .describe('Longest time that visits wait while purchases lag; then some of them are classified'),
  STREAMS_PER_KEY: wholeNumber(1, 1_000_000)
    .default(1_000)
    .describe(
      'Maximum number of open streams of one key at this processor, including its sessions and tokens',
    ),
  ...logSettings,
  ...tracingSettings,
})

export type ProcessorSettings = Readonly<z.infer<typeof processorSettings>>

/** Throws a SettingsError. */
export function readConfig(): ProcessorSettings {
  const settings = readSettings(processorSettings, process.env)
  assertGuarded(settings)
  return settings
}

/** Reads the messages. Throws a SettingsError with all faults of their files. */
export function openMessages(config: Pick<ProcessorSettings, MessageSetting>): MessageFiles {
  try {
    return readMessages(config.MESSAGES_DIR ?? BUILT_IN, messageSettings(config))
  } catch (error) {
    if (!(error instanceof MessagesError)) throw error
    throw new SettingsError(error.faults.map((fault) => `MESSAGES_DIR: ${fault}`).join('\n'))
  }
}

type MessageSetting = keyof typeof messageSettingsSchema.shape
export const messageSettingsSchema = processorSettings.pick({
  MESSAGES_DIR: true,
  STORE_NAME: true,
  QUICK_MINUTES: true,
  LONGEST_PLAUSIBLE_MINUTES: true,
})

export const messageSettings = (config: Pick<ProcessorSettings, MessageSetting>): MessageSettings => ({
  storeName: config.STORE_NAME,
  quickMinutes: config.QUICK_MINUTES,
  longestPlausibleMinutes: config.LONGEST_PLAUSIBLE_MINUTES,
})

/** Retention must not remove the last claim of a partition as long as it keeps outcomes. */
export const longestClaimMs = ({ RETENTION_HOURS }: Pick<ProcessorSettings, 'RETENTION_HOURS'>): number =>
  Math.min(24, RETENTION_HOURS / 2) * 3_600_000

export const fixedRules = (config: ProcessorSettings, messages: Messages): FixedRules => ({
  topic: config.DATA_TOPIC,
  longestPlausibleMinutes: config.LONGEST_PLAUSIBLE_MINUTES,
  messages,
})
