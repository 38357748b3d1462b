import { askBroker } from './ask-broker.ts'
import { API_VERSIONS, type BootstrapOptions } from './bootstrap.ts'
import { type Refusal, refusedCertificate } from './refusal.ts'
import { TlsAnswerError } from './response-framing.ts'

const UNSUPPORTED_SASL_MECHANISM = 33
const ILLEGAL_SASL_STATE = 34
const CODE_AT = 8
const MECHANISMS_AT = CODE_AT + 2

const TLS_FAULT = /^ERR_(SSL|TLS)_|^EPROTO$/

export interface DiagnosisOptions extends BootstrapOptions {
  /** By its name in the Kafka protocol; undefined without SASL. */
  mechanism: string | undefined
}

/**
 * Why the bootstrap brokers cannot be used with these settings, as far as that shows before authentication (so that
 * no broker counts it as an attempt). Undefined if one of them can be used, or if the reason is unknown.
 */
export async function diagnoseBrokers(options: DiagnosisOptions): Promise<Refusal | undefined> {
  const diagnoses = await Promise.all(options.brokers.map((broker) => diagnose(broker, options)))
  return diagnoses.includes('usable')
    ? undefined
    : diagnoses.find((diagnosis) => typeof diagnosis === 'object')
}

type Diagnosis = 'usable' | 'unknown' | Refusal

async function diagnose(broker: string, options: DiagnosisOptions): Promise<Diagnosis> {
  const { connect, ssl, mechanism } = options
  const { answered, disconnect } = askBroker(broker, [API_VERSIONS, saslHandshake(mechanism)], {
    connect,
    ssl,
  })
  try {
    const [, response] = await answered
    return response === undefined ? 'unknown' : readHandshake(broker, response, mechanism)
  } catch (error) {
    if (error instanceof TlsAnswerError)
      return refused(`Kafka at ${broker} refused a connection without TLS`, 'KAFKA_TLS and KAFKA_BROKERS')
    const code = codeOf(error)
    const hasCertificate = typeof ssl === 'object' && ssl.cert !== undefined
    const certificate = refusedCertificate(broker, code, hasCertificate)
    if (certificate) return certificate
    if (ssl && (await answersWithoutTls(broker, options)))
      return refused(`Kafka at ${broker} does not speak TLS`, 'KAFKA_TLS and KAFKA_BROKERS')
    if (TLS_FAULT.test(code))
      return refused(`TLS with Kafka at ${broker} failed (${code})`, 'KAFKA_TLS and KAFKA_TLS_CA_FILE')
    return 'unknown'
  } finally {
    disconnect()
  }
}

async function answersWithoutTls(broker: string, { connect }: DiagnosisOptions): Promise<boolean> {
  const { answered, disconnect } = askBroker(broker, [API_VERSIONS], { connect, ssl: undefined })
  try {
    await answered
    return true
  } catch {
    return false
  } finally {
    disconnect()
  }
}

/** KIP-43 and KIP-152: a listener with SASL says which mechanisms it has, one without that there is no SASL. */
function readHandshake(broker: string, response: Buffer, mechanism: string | undefined): Diagnosis {
  const code = response.readInt16BE(CODE_AT)
  const offered = mechanismsIn(response).join(', ')
  if (mechanism === undefined) {
    if (code !== 0 && code !== UNSUPPORTED_SASL_MECHANISM) return 'usable'
    return refused(`Kafka at ${broker} requires SASL (${offered})`, 'KAFKA_SASL_MECHANISM')
  }
  if (code === UNSUPPORTED_SASL_MECHANISM)
    return refused(`Kafka at ${broker} refused SASL ${mechanism}, it has ${offered}`, 'KAFKA_SASL_MECHANISM')
  if (code === ILLEGAL_SASL_STATE)
    return refused(`Kafka at ${broker} takes no SASL`, 'KAFKA_SASL_MECHANISM and KAFKA_BROKERS')
  return 'usable'
}

const refused = (what: string, check: string): Refusal => ({ of: 'connection', what, check })

function mechanismsIn(response: Buffer): string[] {
  const mechanisms: string[] = []
  for (let at = MECHANISMS_AT + 4; at + 2 <= response.length; ) {
    const end = at + 2 + response.readInt16BE(at)
    mechanisms.push(response.toString('utf8', at + 2, end))
    at = end
  }
  return mechanisms
}

/** SaslHandshake, version 1, correlation id 1, without a client id. */
function saslHandshake(mechanism = 'PLAIN'): Buffer {
  const name = Buffer.from(mechanism)
  const header = Buffer.from([0, 0, 0, 12 + name.length, 0, 17, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0, name.length])
  return Buffer.concat([header, name])
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
