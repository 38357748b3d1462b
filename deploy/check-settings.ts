import { distance } from 'fastest-levenshtein'
import pino from 'pino'
import { z } from 'zod'
import { accessSettings, openKeyring } from '../backbone/access/keyring.ts'
import { kafkaSettings, openConnection } from '../backbone/kafka/client.ts'
import { readSettings, SettingsError } from '../backbone/process/settings.ts'
import { gatewaySettings, readTicketSecret } from '../gateway/config.ts'
import { messageSettingsSchema, openMessages, processorSettings } from '../processor/config.ts'

/** The launcher sets these itself. */
const OWN = ['HOST', 'PORT', 'INSTANCE', 'PROCESSOR_URLS', 'VIEW_FILE']
// A single letter can make a short name another word: other software reads LOGLEVEL.
const SHORTEST_GUESSED = 'LOG_LEVEL'.length + 1
const ANY_BROKER = '127.0.0.1:9092'

const log = pino({ level: 'silent' })
const kafkaSchema = z.object(kafkaSettings)
const accessSchema = z.object(accessSettings)
const secretSchema = gatewaySettings.pick({ PLACE_SECRET_FILE: true })

/** Separate checks, so that a fault in one does not hide faults in another. */
const checks: ((env: NodeJS.ProcessEnv) => unknown)[] = [
  (env) => readSettings(gatewaySettings, env),
  (env) => readSettings(processorSettings, env),
  (env) => openConnection(readSettings(kafkaSchema, env), log).stop(),
  (env) => openKeyring(readSettings(accessSchema, env), log)?.stop(),
  (env) => openMessages(readSettings(messageSettingsSchema, env)),
  (env) => readTicketSecret(readSettings(secretSchema, env)),
]

/** All faults that gateways and processors of the launcher would find in `environment`. */
export function settingsFaults(environment: NodeJS.ProcessEnv): string[] {
  const env: NodeJS.ProcessEnv = { ...environment, KAFKA_BROKERS: environment['KAFKA_BROKERS'] || ANY_BROKER }
  for (const name of OWN) delete env[name]
  const faults = checks.flatMap((check) => {
    try {
      check(env)
      return []
    } catch (error) {
      if (error instanceof SettingsError) return error.message.split('\n')
      throw error
    }
  })
  return [...new Set([...withoutBrokers(environment), ...faults, ...misspelt(environment)])]
}

const known = new Set([...Object.keys(gatewaySettings.shape), ...Object.keys(processorSettings.shape)])
const guessed = [...known].filter((name) => name.length >= SHORTEST_GUESSED && !OWN.includes(name))

/** A misspelt setting would be ignored, and its default used. */
function misspelt(environment: NodeJS.ProcessEnv): string[] {
  return Object.keys(environment)
    .filter((name) => environment[name] && !known.has(name))
    .flatMap((name) => {
      const meant = guessed.find((setting) => distance(name, setting) === 1)
      return meant === undefined ? [] : [`${name}: is not a setting; did you mean ${meant}?`]
    })
}

/** The Kafka that the launcher starts listens in plain text. */
function withoutBrokers(environment: NodeJS.ProcessEnv): string[] {
  if (environment['KAFKA_BROKERS']) return []
  return Object.keys(kafkaSettings)
    .filter((name) => environment[name] && environment[name] !== 'false')
    .map((name) => `${name}: needs KAFKA_BROKERS; the Kafka that npm start runs has neither TLS nor SASL`)
}
