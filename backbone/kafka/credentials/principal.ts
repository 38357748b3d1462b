import type { CredentialSettings } from './settings.ts'

/** The name of the mechanism in the Kafka protocol. */
export function saslMechanism({ KAFKA_SASL_MECHANISM: mechanism }: CredentialSettings): string | undefined {
  return mechanism === 'aws-msk-iam' ? 'OAUTHBEARER' : mechanism?.toUpperCase()
}

/** As whom this process logs in; never a secret. */
export function principalOf(settings: CredentialSettings): string {
  const { KAFKA_SASL_USERNAME: user, KAFKA_OAUTH_CLIENT_ID: client, KAFKA_SASL_MECHANISM } = settings
  if (user !== undefined) return `user "${user}"`
  if (client !== undefined) return `client "${client}"`
  if (KAFKA_SASL_MECHANISM === 'aws-msk-iam') return 'AWS identity'
  return settings.KAFKA_TLS_CERT_FILE === undefined ? 'no SASL user' : 'client certificate'
}

/** What decides as whom it logs in. */
export function principalSetting(settings: CredentialSettings): string {
  if (settings.KAFKA_OAUTH_CLIENT_ID !== undefined) return 'KAFKA_OAUTH_CLIENT_ID'
  if (settings.KAFKA_SASL_MECHANISM === 'aws-msk-iam') return 'the AWS credentials'
  if (settings.KAFKA_SASL_MECHANISM === undefined && settings.KAFKA_TLS_CERT_FILE !== undefined)
    return 'KAFKA_TLS_CERT_FILE'
  return 'KAFKA_SASL_USERNAME'
}

/** What to look at when the brokers refuse the credentials. */
export function credentialsCheck({ KAFKA_SASL_MECHANISM: mechanism }: CredentialSettings): string {
  if (mechanism === 'oauthbearer')
    return 'KAFKA_OAUTH_TOKEN_URL, KAFKA_OAUTH_SCOPE, and the tokens that the brokers accept'
  if (mechanism === 'aws-msk-iam') return 'KAFKA_AWS_REGION and the AWS credentials'
  return 'KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD_FILE'
}
