import { isLoopback } from '../../process/loopback.ts'
import { SettingsError } from '../../process/settings.ts'
import type { CredentialSettings } from './settings.ts'

type Name = keyof CredentialSettings
type Mechanism = NonNullable<CredentialSettings['KAFKA_SASL_MECHANISM']>

const ALL_NEEDED: readonly (readonly [given: Name, needed: Name])[] = [
  ['KAFKA_TLS_CA_FILE', 'KAFKA_TLS'],
  ['KAFKA_TLS_CERT_FILE', 'KAFKA_TLS'],
  ['KAFKA_TLS_CERT_FILE', 'KAFKA_TLS_KEY_FILE'],
  ['KAFKA_TLS_KEY_FILE', 'KAFKA_TLS_CERT_FILE'],
]

interface MechanismSettings {
  needed: readonly Name[]
  optional: readonly Name[]
}

const PASSWORD: MechanismSettings = {
  needed: ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD_FILE'],
  optional: [],
}

const OF_MECHANISM: Record<Mechanism, MechanismSettings> = {
  plain: PASSWORD,
  'scram-sha-256': PASSWORD,
  'scram-sha-512': PASSWORD,
  oauthbearer: {
    needed: ['KAFKA_OAUTH_TOKEN_URL', 'KAFKA_OAUTH_CLIENT_ID', 'KAFKA_OAUTH_CLIENT_SECRET_FILE'],
    optional: ['KAFKA_OAUTH_SCOPE', 'KAFKA_OAUTH_CA_FILE'],
  },
  // MSK offers IAM only with TLS.
  'aws-msk-iam': { needed: ['KAFKA_AWS_REGION', 'KAFKA_TLS'], optional: [] },
}

const OF_SASL = new Set(
  Object.values(OF_MECHANISM)
    .flatMap(({ needed, optional }) => [needed, optional].flat())
    .filter((name) => name !== 'KAFKA_TLS'),
)

/**
 * Throws {@link SettingsError} if a setting lacks another one, or belongs to another mechanism. An incomplete setting would
 * connect in plain text, or without a user, to a broker that allows it.
 */
export function assertComplete(settings: CredentialSettings): void {
  const faults = [...missing(settings), ...superfluous(settings)]
  if (faults.length > 0) throw new SettingsError([...new Set(faults)].join('\n'))
}

function missing(settings: CredentialSettings): string[] {
  const { KAFKA_SASL_MECHANISM: mechanism } = settings
  const pairs: [Name, Name][] = mechanism
    ? OF_MECHANISM[mechanism].needed.map((needed) => ['KAFKA_SASL_MECHANISM', needed])
    : [...OF_SASL].map((given) => [given, 'KAFKA_SASL_MECHANISM'])
  return [...ALL_NEEDED, ...pairs]
    .filter(([given, needed]) => settings[given] && !settings[needed])
    .map(([given, needed]) => `${needed}: is needed with ${given}`)
}

function superfluous(settings: CredentialSettings): string[] {
  const { KAFKA_SASL_MECHANISM: mechanism } = settings
  if (!mechanism) return []
  const { needed, optional } = OF_MECHANISM[mechanism]
  const used = new Set([...needed, ...optional])
  return [...OF_SASL]
    .filter((name) => settings[name] && !used.has(name))
    .map((name) => `${name}: is not used with KAFKA_SASL_MECHANISM=${mechanism}`)
}

/** `plain` sends the password as it is (RFC 4616, section 4), `oauthbearer` the token (RFC 7628, section 4). */
export function assertHidden(settings: CredentialSettings, brokers: readonly string[]): void {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_TLS, KAFKA_SASL_PLAIN_WITHOUT_TLS } = settings
  if ((mechanism !== 'plain' && mechanism !== 'oauthbearer') || KAFKA_TLS || KAFKA_SASL_PLAIN_WITHOUT_TLS)
    return
  const remote = brokers.find((broker) => !isLoopback(broker.split(':')[0] ?? ''))
  if (remote === undefined) return
  const secret = mechanism === 'plain' ? 'password' : 'token'
  throw new SettingsError(
    `KAFKA_SASL_MECHANISM: ${mechanism} without TLS would send the ${secret} readable to ${remote}; set ` +
      'KAFKA_TLS=true, use scram-sha-512, or set KAFKA_SASL_PLAIN_WITHOUT_TLS=true where the network itself is encrypted',
  )
}
