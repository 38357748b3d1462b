import { Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import type { Logger } from 'pino'
import { z } from 'zod'
import { commaSeparated } from '../process/settings.ts'
import { answeringBroker, type BootstrapOptions } from './bootstrap.ts'
import { assertComplete, assertHidden } from './credentials/assert-complete.ts'
import { type Credentials, openCredentials } from './credentials/open-credentials.ts'
import { credentialSettings } from './credentials/settings.ts'
import { reportDeniedCoordinators } from './denied-coordinators.ts'
import { decodeFetchResponsesAtOnce } from './fetch-responses.ts'
import { avoidIdleTimers } from './idle-timers.ts'
import { logThrottling } from './log-throttling.ts'
import { encodeProduceRequestsAtOnce } from './produce-requests.ts'
import { REAUTHENTICATED_BEFORE_MS } from './session-times.ts'
import { connectBroker } from './socket.ts'
import { readResponsesInPlace } from './whole-responses.ts'

/** The settings of every process that talks to Kafka, by the names of their environment variables. */
export const kafkaSettings = {
  KAFKA_BROKERS: commaSeparated
    .pipe(
      z
        .array(
          z
            .string()
            .regex(/^[^\s:]+:\d+$/, 'must be host:port, comma-separated; an IPv6 address needs a name'),
        )
        .min(1),
    )
    .describe('Bootstrap brokers, `host:port`, comma-separated'),
  ...credentialSettings,
}

const kafkaSettingsSchema = z.object(kafkaSettings)
export type KafkaSettings = z.infer<typeof kafkaSettingsSchema>

/** The client of a process. Only the folders that may import kafkajs call its methods. */
export type KafkaClient = Kafka

interface KafkajsEntry {
  message: string
  /** What the entry is about. */
  error?: unknown
  /** See {@link logThrottling}. */
  throttleMs?: unknown
}

/** Gets each log entry of kafkajs. */
export type NoteKafkajs = (entry: KafkajsEntry) => void

/**
 * Creates the Kafka client of a process. Throws {@link SettingsError} when a setting lacks another one that it needs, and
 * when a file that a setting names cannot be used.
 */
export function createKafka(
  settings: KafkaSettings,
  clientId: string,
  log: Logger,
  note: NoteKafkajs = () => undefined,
  { sasl, ...bootstrap } = openConnection(settings, log),
): KafkaClient {
  avoidIdleTimers()
  encodeProduceRequestsAtOnce()
  decodeFetchResponsesAtOnce()
  readResponsesInPlace()
  reportDeniedCoordinators()
  logThrottling()
  const config: KafkaConfig = {
    clientId,
    brokers: () => answeringBroker(bootstrap),
    socketFactory: bootstrap.connect,
    connectionTimeout: 3_000,
    reauthenticationThreshold: REAUTHENTICATED_BEFORE_MS,
    // kafkajs would give up the request but keep the connection: connectBroker closes it instead.
    enforceRequestTimeout: false,
    // All of them: kafkajs has other defaults when NODE_ENV is "test".
    retry: { initialRetryTime: 100, factor: 0.2, multiplier: 2, maxRetryTime: 1_000, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: () => logToPino(log, note),
  }
  if (bootstrap.ssl) config.ssl = bootstrap.ssl
  if (sasl) config.sasl = sasl
  return new Kafka(config)
}

/** How a process opens its connections to the brokers. */
export type KafkaConnection = BootstrapOptions & Credentials

/** Throws as {@link createKafka} does. */
export function openConnection(settings: KafkaSettings, log: Logger): KafkaConnection {
  assertComplete(settings)
  assertHidden(settings, settings.KAFKA_BROKERS)
  return { brokers: settings.KAFKA_BROKERS, connect: connectBroker, ...openCredentials(settings, log) }
}

// kafkajs logs as errors what it then retries. A final error reaches the caller and is logged there.
function logToPino(log: Logger, note: NoteKafkajs) {
  return ({ namespace, log: entry }: { namespace: string; log: KafkajsEntry }) => {
    note(entry)
    const error = typeof entry.error === 'string' ? entry.error : undefined
    log.debug({ kafkajs: namespace, error }, entry.message)
  }
}
