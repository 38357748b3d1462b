import type { KafkaSettings } from './client.ts'
import { TokenError } from './credentials/keep-token.ts'
import { credentialsCheck, principalSetting, saslMechanism } from './credentials/principal.ts'
import { SHORTEST_SESSION_MS } from './session-times.ts'
import { TopicError, type TopicOperation } from './topic-error.ts'
import type { TopicSettings } from './topics.ts'

/** What Kafka does not allow this process, in words that an operator can act on. Waiting does not solve it. */
export interface Refusal {
  /** Whether every client of this process is refused, or one that uses a topic, a group or a transactional id. */
  of: 'connection' | 'use'
  /** A clause with subject and verb: "Kafka refused Write on topic DataTopic". */
  what: string
  /** The settings to look at, or what to grant. */
  check: string
}

/** What a client was about to use when it failed; names that end with `*` are prefixes. */
export interface KafkaUse {
  operation: TopicOperation | 'Delete'
  topic?: string
  group?: string
  transactionalId?: string
}

/** What kafkajs 2.2.4 hides behind an error of its own. */
export interface HiddenAnswers {
  /** The text of Kafka's last error answer to an authentication, if it came a moment ago. */
  authentication: () => string | undefined
}

export type RefusalSettings = KafkaSettings & Partial<TopicSettings> & { GROUP_ID?: string }

/**
 * The refusal that an error stands for; undefined for anything that may pass by itself. `type` is Kafka's own name of an
 * error; a `name` is the client library's.
 */
export function refusalOf(
  error: unknown,
  use: KafkaUse,
  settings: RefusalSettings,
  answers: HiddenAnswers,
): Refusal | undefined {
  const topics = new Set<string>()
  let { operation } = use
  for (const [cause, causesUse] of causesOf(error, use)) {
    if (TOPIC_REFUSALS.has(cause.type)) {
      topics.add(causesUse.topic ?? '(unknown)')
      operation = causesUse.operation
    } else {
      const refusal = refusalOfCause(cause, causesUse, settings, answers)
      if (refusal) return refusal
    }
  }
  return topics.size > 0 ? refusedTopics(operation, [...topics].toSorted(), settings) : undefined
}

const TOPIC_REFUSALS = new Set<unknown>([
  'TOPIC_AUTHORIZATION_FAILED',
  // The answer to a client that may write to no topic at all (KIP-679).
  'CLUSTER_AUTHORIZATION_FAILED',
  // The brokers' create.topic.policy.class.name allows no such topic.
  'POLICY_VIOLATION',
])

/** By name and type, not by class: Node and Deno find no error class among kafkajs's named exports. */
function refusalOfCause(
  cause: KnownError,
  use: KafkaUse,
  settings: RefusalSettings,
  answers: HiddenAnswers,
): Refusal | undefined {
  if (cause instanceof TokenError) return { of: 'connection', what: cause.message, check: cause.check }
  const { name, type, code, broker } = cause
  if (type === 'GROUP_AUTHORIZATION_FAILED') return refusedGroup(use, settings)
  if (type === 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED') return refusedTransactions(use, settings)
  if (type === 'ILLEGAL_SASL_STATE') return REFUSED_REAUTHENTICATION
  if (name === 'KafkaJSSASLAuthenticationError' || type === 'SASL_AUTHENTICATION_FAILED') {
    const answer = answers.authentication()
    // Without an answer the connection broke on the way.
    if (answer !== undefined) return refusedCredentials(answer, settings)
  }
  if (typeof code !== 'string' || broker === undefined) return undefined
  return refusedCertificate(broker, code, settings.KAFKA_TLS_CERT_FILE !== undefined)
}

function refusedTopics(
  operation: KafkaUse['operation'],
  topics: string[],
  settings: RefusalSettings,
): Refusal {
  const names = TOPIC_SETTINGS.filter((name) => topics.includes(settings[name] ?? ''))
  const several = topics.length > 1
  return {
    of: 'use',
    what: `Kafka refused ${operation} on ${several ? 'topics' : 'topic'} ${topics.join(', ')}`,
    check: `the ACLs of the ${several ? 'topics' : 'topic'}, ${[...names, principalSetting(settings)].join(', ')}`,
  }
}

const refusedGroup = ({ group, operation }: KafkaUse, settings: KafkaSettings): Refusal => ({
  of: 'use',
  what: `Kafka refused ${operation === 'Delete' ? 'Delete' : 'Read and Describe'} on group ${group ?? '(unknown)'}`,
  check: `the ACLs of the group, GROUP_ID, ${principalSetting(settings)}`,
})

const refusedTransactions = ({ transactionalId }: KafkaUse, settings: KafkaSettings): Refusal => ({
  of: 'use',
  what: `Kafka refused Write and Describe on transactional id ${transactionalId ?? '(unknown)'}`,
  check: `the ACLs of the transactional id, GROUP_ID, ${principalSetting(settings)}`,
})

const refusedCredentials = (answer: string, settings: KafkaSettings): Refusal => ({
  of: 'connection',
  what: `Kafka refused SASL ${saslMechanism(settings)} authentication, saying "${answer}"`,
  check: credentialsCheck(settings),
})

const REFUSED_REAUTHENTICATION: Refusal = {
  of: 'use',
  what: 'Kafka refused to authenticate a connection again',
  check: `connections.max.reauth.ms of the brokers: it must be 0, or at least ${SHORTEST_SESSION_MS}`,
}

const TOPIC_SETTINGS = [
  'DATA_TOPIC',
  'NOTIFICATIONS_TOPIC',
  'DEAD_LETTER_TOPIC',
  'FOLLOW_UP_TOPIC',
  'FIGURES_TOPIC',
  'HISTORY_TOPIC',
  'LAYOUT_TOPIC',
] as const

/** Node, Bun and Deno have the same codes for certificates. */
const CERTIFICATE_FAULT = /CERT|SELF_SIGNED|UNABLE_TO|CRL|ISSUER/

const CERTIFICATE_TIME_FAULT = /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/

// RFC 8446, section 6.2: what a server sends that rejects the certificate of a client, or misses one.
const CLIENT_CERTIFICATE_ALERT = /ALERT_(BAD_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA)$/

/**
 * The refusal for the code of a TLS error: this process rejects the certificate of the broker, or the broker that of this
 * process.
 */
export function refusedCertificate(
  broker: string,
  code: string,
  hasCertificate: boolean,
): Refusal | undefined {
  if (CLIENT_CERTIFICATE_ALERT.test(code))
    return {
      of: 'connection',
      what: `Kafka at ${broker} ${hasCertificate ? 'refused the' : 'requires a'} client certificate (${code})`,
      check: 'KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE',
    }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      of: 'connection',
      what: `The certificate of Kafka at ${broker} is for another host name`,
      check: 'KAFKA_BROKERS, and the names in the certificate',
    }
  if (CERTIFICATE_TIME_FAULT.test(code))
    return {
      of: 'connection',
      what: `The certificate of Kafka at ${broker}, or of its authority, is not valid now (${code})`,
      check:
        'when the certificates of the broker and in KAFKA_TLS_CA_FILE expire, and the clock of this machine',
    }
  if (!CERTIFICATE_FAULT.test(code)) return undefined
  return {
    of: 'connection',
    what: `The certificate of Kafka at ${broker} is not trusted (${code})`,
    check: 'KAFKA_TLS_CA_FILE',
  }
}

interface KnownError {
  name?: string
  type?: string
  code?: unknown
  broker?: string
}

/** The error and all that it wraps, outermost first, each with the use that it names. */
function* causesOf(error: unknown, use: KafkaUse): Generator<[KnownError, KafkaUse]> {
  let current = use
  for (let cause = error; typeof cause === 'object' && cause !== null; ) {
    if (cause instanceof TopicError) current = { ...use, operation: cause.operation, topic: cause.topic }
    else if ('topic' in cause && typeof cause.topic === 'string') current = { ...current, topic: cause.topic }
    yield [cause, current]
    if ('errors' in cause && Array.isArray(cause.errors))
      for (const part of cause.errors) yield* causesOf(part, current)
    cause = 'cause' in cause ? cause.cause : undefined
  }
}
