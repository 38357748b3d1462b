import { z } from 'zod'
import { assertGuarded, listenSettings } from '../backbone/http/listen-settings.ts'
import { kafkaSettings } from '../backbone/kafka/client.ts'
import { topicSettings } from '../backbone/kafka/topics.ts'
import { logSettings } from '../backbone/process/log.ts'
import { isLoopback } from '../backbone/process/loopback.ts'
import {
  commaSeparated,
  flag,
  numberAboveZero,
  readSettings,
  readSettingsFile,
  SettingsError,
  wholeNumber,
} from '../backbone/process/settings.ts'
import { tracingSettings } from '../backbone/tracing/tracing-settings.ts'

const processorUrls = commaSeparated
  .transform((urls) => urls.map((url) => url.replace(/\/$/, '')).filter(Boolean))
  .pipe(z.array(z.string().regex(/^http:\/\/[^\s/?#@]+$/, 'must be http://host:port, comma-separated')))

const origins = commaSeparated.pipe(
  z.array(
    z
      .string()
      .refine(
        (origin) => URL.canParse(origin) && new URL(origin).origin === origin,
        'must be origins as browsers send them, https://shop.example, comma-separated',
      ),
  ),
)

export const gatewaySettings = z.object({
  ...listenSettings,
  PORT: wholeNumber(0, 65535).default(8080).describe('Port of the gateway; 0: any free port'),
  METRICS_PORT: wholeNumber(1, 65535)
    .optional()
    .describe(
      'Second port, of this gateway alone, with the same routes: to scrape `/metrics` where several share `PORT`',
    ),
  PROCESSOR_URLS: processorUrls
    .default([])
    .describe(
      'Processors that serve the results, `http://host:port`, comma-separated; none: results answer 503',
    ),
  CORS_ORIGINS: origins
    .default([])
    .describe('Origins of web pages that may use the API (CORS), `https://shop.example`, comma-separated'),
  ADDRESS_RATE: numberAboveZero
    .optional()
    .describe(
      'Requests per second from one address to each gateway; the burst is ten seconds of it; none: no limit',
    ),
  TRUSTED_PROXIES: wholeNumber(0, 10)
    .default(0)
    .describe(
      'Number of proxies in front that append to `X-Forwarded-For`; it selects the address that `ADDRESS_RATE` counts',
    ),
  ...kafkaSettings,
  ...topicSettings,
  // A drain waits for requests in flight for at most 9 s (backbone/http/serve.ts).
  PUBLISH_TIMEOUT_MS: wholeNumber(100, 9_000)
    .default(5_000)
    .describe('Longest time that a checkout waits for Kafka; then it is answered 503'),
  // A stored checkout must fit into a Kafka record, whose default limit is 1 MiB.
  MAX_BODY_BYTES: wholeNumber(1, 512 * 1024)
    .default(64 * 1024)
    .describe('Maximum body of a checkout'),
  MAX_BATCH_BYTES: wholeNumber(1, 16 * 1024 * 1024)
    .default(4 * 1024 * 1024)
    .describe('Maximum body of a batch; each of its checkouts may have `MAX_BODY_BYTES`'),
  BODY_TIMEOUT_MS: wholeNumber(100, 600_000)
    .default(10_000)
    .describe('Longest time to receive a body; then it is answered 408'),
  QUEUE_MAX_RECORDS: wholeNumber(1, 1_000_000)
    .default(2_000)
    .describe('Maximum number of checkouts that wait for Kafka; further ones are answered 503'),
  PLACE_SECRET_FILE: z
    .string()
    .optional()
    .describe(
      'File with the secret (16 characters or more) that signs queue tickets, the same for all gateways; none: each gateway uses its own',
    ),
  IDEMPOTENCY_WINDOW: wholeNumber(1, 1_000_000)
    .default(25_000)
    .describe('Maximum number of answers kept for retries; at least seven eighths of it are kept'),
  DEMO: flag
    .default(false)
    .describe(
      '`true`: a demonstration shop at `/demo`, whose purchases are stored like all others; `npm start` sets it unless `KAFKA_BROKERS` is set',
    ),
  ...logSettings,
  ...tracingSettings,
})

export type GatewaySettings = Readonly<z.infer<typeof gatewaySettings>>

/** Throws a SettingsError. */
export function readConfig(): GatewaySettings {
  const settings = readSettings(gatewaySettings, process.env)
  assertGuarded(settings)
  return settings
}

const SHORTEST_SECRET = 16

/** Undefined if no file is configured. Throws a SettingsError. */
export function readTicketSecret({
  PLACE_SECRET_FILE: path,
}: Pick<GatewaySettings, 'PLACE_SECRET_FILE'>): string | undefined {
  if (path === undefined) return undefined
  const secret = readSettingsFile('PLACE_SECRET_FILE', path).trim()
  if (secret.length >= SHORTEST_SECRET) return secret
  throw new SettingsError(`PLACE_SECRET_FILE: ${path} must hold at least ${SHORTEST_SECRET} characters`)
}

/** What an operator must know about the demonstration shop; undefined: nothing. */
export function demoWarning({
  DEMO,
  HOST,
  API_KEYS_FILE,
}: Pick<GatewaySettings, 'DEMO' | 'HOST' | 'API_KEYS_FILE'>): string | undefined {
  if (!DEMO || API_KEYS_FILE !== undefined || isLoopback(HOST)) return undefined
  return 'DEMO=true without API keys: everyone who reaches this gateway can store invented purchases from /demo'
}
