import type { KafkaConfig, SASLOptions } from 'kafkajs'
import type { Logger } from 'pino'
import { fetchClientToken } from './client-credentials.ts'
import { keepToken } from './keep-token.ts'
import { fetchMskToken } from './msk-token.ts'
import { oauthBearer } from './oauth-bearer.ts'
import { parseCertificates, parseIdentity, parsePassword } from './parse-secrets.ts'
import { createSecretFiles, type SecretFiles } from './secret-files.ts'
import type { CredentialSettings } from './settings.ts'

/** In PEM. */
interface TlsOptions {
  readonly ca: string[] | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
}

/**
 * How a process proves its identity to Kafka, and verifies that of Kafka. What is in files is current at each use:
 * connectBroker reads `ssl` for each connection, kafkajs `sasl` for each authentication.
 */
export interface Credentials {
  ssl: TlsOptions | undefined
  sasl: KafkaConfig['sasl']
  /** Resolves when one of the files has new content. */
  nextReload: () => Promise<void>
  stop: () => void
}

/** Throws SettingsError when a file cannot be used. The settings must be complete: see assertComplete. */
export function openCredentials(settings: CredentialSettings, log: Logger): Credentials {
  const files = createSecretFiles(settings, log)
  const { nextReload, stop } = files
  const credentials = {
    ssl: tlsOptions(settings, files),
    sasl: saslOptions(settings, files),
    nextReload,
    stop,
  }
  try {
    files.assertUsable()
  } catch (error) {
    stop()
    throw error
  }
  return credentials
}

function tlsOptions({ KAFKA_TLS }: CredentialSettings, files: SecretFiles): TlsOptions | undefined {
  if (!KAFKA_TLS) return undefined
  const authority = files.open(['KAFKA_TLS_CA_FILE'], parseCertificates)
  const identity = files.open(['KAFKA_TLS_CERT_FILE', 'KAFKA_TLS_KEY_FILE'], parseIdentity)
  return {
    get ca() {
      return authority?.()
    },
    get cert() {
      return identity?.().cert
    },
    get key() {
      return identity?.().key
    },
  }
}

function saslOptions(settings: CredentialSettings, files: SecretFiles): Credentials['sasl'] {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username = '' } = settings
  if (mechanism === undefined) return undefined
  if (mechanism === 'aws-msk-iam') {
    const { KAFKA_AWS_REGION: region = '' } = settings
    return oauthBearer(keepToken(() => fetchMskToken(region)))
  }
  if (mechanism === 'oauthbearer') return oauthBearer(keepToken(clientToken(settings, files)))
  const password = files.open(['KAFKA_SASL_PASSWORD_FILE'], parsePassword)
  return {
    mechanism,
    username,
    get password() {
      return password?.() ?? ''
    },
  } as SASLOptions
}

function clientToken(settings: CredentialSettings, files: SecretFiles) {
  const { KAFKA_OAUTH_TOKEN_URL: tokenUrl = '', KAFKA_OAUTH_CLIENT_ID: clientId = '' } = settings
  const secret = files.open(['KAFKA_OAUTH_CLIENT_SECRET_FILE'], parsePassword)
  const authority = files.open(['KAFKA_OAUTH_CA_FILE'], parseCertificates)
  return () =>
    fetchClientToken({
      tokenUrl,
      clientId,
      scope: settings.KAFKA_OAUTH_SCOPE,
      secret: secret?.() ?? '',
      ca: authority?.(),
    })
}
