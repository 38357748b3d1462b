import { z } from 'zod'
import { assertGuarded, listenSettings } from '../backbone/http/listen-settings.ts'
import { kafkaSettings } from '../backbone/kafka/client.ts'
import { topicSettings } from '../backbone/kafka/topics.ts'
import { logSettings } from '../backbone/process/log.ts'
import { flag, numberAboveZero, readSettings, wholeNumber } from '../backbone/process/settings.ts'

export const processorSettings = z.object({
  ...listenSettings,
  PORT: wholeNumber(0, 65535).default(8090).describe('Port of the results; 0 takes a free one'),
  ...kafkaSettings,
  ...topicSettings,
  GROUP_ID: z
    .string()
    .default('checkout-processor')
    .describe('Consumer group; also the prefix of the transactional ids'),
  VIEW_FILE: z
    .string()
    .default('.data/view.db')
    .describe("SQLite file of this member's view; made anew from Notifications when it is missing"),
  SERVE_RESULTS: flag
    .default(true)
    .describe(
      '`false`: this processor only classifies, and follows only the partitions that it owns; no gateway asks it',
    ),
  STORE_NAME: z.string().default('Falabella').describe("The store's name in the messages"),
  QUICK_MINUTES: numberAboveZero
    .default(30)
    .describe('Longest `taps`, in minutes, that still counts as a quick purchase'),
  LONGEST_PLAUSIBLE_MINUTES: numberAboveZero
    .default(10_080)
    .describe('Longest `taps`, in minutes, that is believed; a purchase beyond it is `unverified`'),
  BROWSE_WAIT_MS: wholeNumber(100, 600_000)
    .default(5_000)
    .describe('Longest that events without a purchase wait while purchases lag, before they have a turn'),
  STREAMS_PER_KEY: wholeNumber(1, 1_000_000)
    .default(1_000)
    .describe(
      'Most streams that one key has open at this processor at once, its sessions and tokens included',
    ),
  ...logSettings,
})

export type ProcessorSettings = Readonly<z.infer<typeof processorSettings>>

/** Throws a SettingsError. */
export function readConfig(): ProcessorSettings {
  const settings = readSettings(processorSettings, process.env)
  assertGuarded(settings)
  return settings
}
