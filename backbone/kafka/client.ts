import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs'
import type { Logger } from 'pino'
import { z } from 'zod'
import { isLoopback } from '../process/loopback.ts'
import { commaSeparated, flag, SettingsError } from '../process/settings.ts'
import { answeringBroker, type BootstrapOptions } from './bootstrap.ts'
import { reportDeniedCoordinators } from './denied-coordinators.ts'
import { decodeFetchResponsesAtOnce } from './fetch-responses.ts'
import { avoidIdleTimers } from './idle-timers.ts'
import { encodeProduceRequestsAtOnce } from './produce-requests.ts'
import { readCertificates, readPassword } from './secret-files.ts'
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
  KAFKA_TLS: flag.default(false).describe('`true`: talk TLS to the brokers'),
  KAFKA_TLS_CA_FILE: z
    .string()
    .optional()
    .describe("PEM file of the authority that signed the brokers' certificates"),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .optional()
    .describe('`plain`, `scram-sha-256` or `scram-sha-512`; without it, no SASL'),
  KAFKA_SASL_USERNAME: z.string().optional().describe('User name for SASL'),
  KAFKA_SASL_PASSWORD_FILE: z.string().optional().describe('File whose content is the password for SASL'),
  KAFKA_SASL_PLAIN_WITHOUT_TLS: flag
    .default(false)
    .describe('`true`: allow `plain` without TLS beyond loopback, where the network itself is encrypted'),
}

const kafkaSettingsSchema = z.object(kafkaSettings)
export type KafkaSettings = z.infer<typeof kafkaSettingsSchema>

/** The client of a process. Only the folders that may import kafkajs call its methods. */
export type KafkaClient = Kafka

/** Gets each log entry of kafkajs: its message, and the error that it is about. */
export type NoteKafkajs = (message: string, error: string | undefined) => void

/**
 * Creates the Kafka client of a process. Throws {@link SettingsError} when a setting lacks another one that it needs, and
 * when a file that a setting names cannot be used.
 */
export function createKafka(
  settings: KafkaSettings,
  clientId: string,
  log: Logger,
  note: NoteKafkajs = () => undefined,
  bootstrap = bootstrapOptions(settings),
): KafkaClient {
  avoidIdleTimers()
  encodeProduceRequestsAtOnce()
  decodeFetchResponsesAtOnce()
  readResponsesInPlace()
  reportDeniedCoordinators()
  assertComplete(settings)
  assertPasswordHidden(settings)
  const sasl = saslOptions(settings)
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

/** How the brokers are first asked. Reads the certificates of the authority, and throws as {@link createKafka} does. */
export function bootstrapOptions(settings: KafkaSettings): BootstrapOptions {
  return { brokers: settings.KAFKA_BROKERS, connect: connectBroker, ssl: tlsOptions(settings) }
}

/** An incomplete setting would connect in plain text, or without a user, to a broker that allows it. */
function assertComplete(settings: KafkaSettings): void {
  const needs: [keyof KafkaSettings, keyof KafkaSettings][] = [
    ['KAFKA_TLS_CA_FILE', 'KAFKA_TLS'],
    ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME'],
    ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_PASSWORD_FILE'],
    ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_MECHANISM'],
    ['KAFKA_SASL_PASSWORD_FILE', 'KAFKA_SASL_MECHANISM'],
  ]
  const faults = needs
    .filter(([given, needed]) => settings[given] && !settings[needed])
    .map(([given, needed]) => `${needed}: is needed with ${given}`)
  if (faults.length > 0) throw new SettingsError(faults.join('\n'))
}

/** SASL `plain` sends the password as it is (RFC 4616, section 4). */
function assertPasswordHidden(settings: KafkaSettings): void {
  const { KAFKA_SASL_MECHANISM, KAFKA_TLS, KAFKA_SASL_PLAIN_WITHOUT_TLS, KAFKA_BROKERS } = settings
  if (KAFKA_SASL_MECHANISM !== 'plain' || KAFKA_TLS || KAFKA_SASL_PLAIN_WITHOUT_TLS) return
  const remote = KAFKA_BROKERS.find((broker) => !isLoopback(broker.split(':')[0] ?? ''))
  if (remote === undefined) return
  throw new SettingsError(
    `KAFKA_SASL_MECHANISM: plain without TLS would send the password readable to ${remote}; set KAFKA_TLS=true, ` +
      'use scram-sha-512, or set KAFKA_SASL_PLAIN_WITHOUT_TLS=true where the network itself is encrypted',
  )
}

function tlsOptions({ KAFKA_TLS: isOn, KAFKA_TLS_CA_FILE: file }: KafkaSettings): KafkaConfig['ssl'] {
  if (!isOn) return undefined
  return file ? { ca: readCertificates('KAFKA_TLS_CA_FILE', file) } : true
}

function saslOptions(settings: KafkaSettings): SASLOptions | undefined {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_PASSWORD_FILE: file } = settings
  if (!mechanism) return undefined
  const username = settings.KAFKA_SASL_USERNAME ?? ''
  const password = file ? readPassword('KAFKA_SASL_PASSWORD_FILE', file) : ''
  return { mechanism, username, password }
}

// kafkajs logs as errors what it then retries. A final error reaches the caller and is logged there.
function logToPino(log: Logger, note: NoteKafkajs) {
  return ({ namespace, log: entry }: { namespace: string; log: { message: string; error?: unknown } }) => {
    const error = typeof entry.error === 'string' ? entry.error : undefined
    note(entry.message, error)
    log.debug({ kafkajs: namespace, error }, entry.message)
  }
}
