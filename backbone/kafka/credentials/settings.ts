import { z } from 'zod'
import { isLoopback } from '../../process/loopback.ts'
import { flag } from '../../process/settings.ts'

/** `undefined` without a setting. The names are SASL's, but for `aws-msk-iam`: that is OAUTHBEARER with tokens of AWS. */
const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer', 'aws-msk-iam'] as const

/** The client secret is sent to this address (RFC 6749, section 3.2). */
function isTokenUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, hash } = new URL(text)
  if (username !== '' || hash !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

/** The settings that protect the connections to Kafka. */
export const credentialSettings = {
  KAFKA_TLS: flag.default(false).describe('`true`: talk TLS to the brokers'),
  KAFKA_TLS_CA_FILE: z
    .string()
    .optional()
    .describe("PEM file of the authority that signed the brokers' certificates"),
  KAFKA_TLS_CERT_FILE: z
    .string()
    .optional()
    .describe('PEM file of the client certificate and its chain, for mutual TLS'),
  KAFKA_TLS_KEY_FILE: z
    .string()
    .optional()
    .describe('PEM file of the private key of `KAFKA_TLS_CERT_FILE`, without a passphrase'),
  KAFKA_SASL_MECHANISM: z
    .enum(mechanisms)
    .optional()
    .describe(
      '`plain`, `scram-sha-256`, `scram-sha-512`, `oauthbearer` or `aws-msk-iam`; without it, no SASL',
    ),
  KAFKA_SASL_USERNAME: z.string().optional().describe('User name for `plain` and SCRAM'),
  KAFKA_SASL_PASSWORD_FILE: z
    .string()
    .optional()
    .describe('File whose content, without line ends after it, is the password for `plain` and SCRAM; UTF-8'),
  KAFKA_SASL_PLAIN_WITHOUT_TLS: flag
    .default(false)
    .describe(
      '`true`: allow `plain` and `oauthbearer` without TLS beyond loopback, where the network itself is encrypted',
    ),
  KAFKA_OAUTH_TOKEN_URL: z
    .string()
    .refine(isTokenUrl, 'must be https://, or http:// on loopback')
    .optional()
    .describe('Token endpoint of the authorization server, for `oauthbearer` (client credentials)'),
  KAFKA_OAUTH_CLIENT_ID: z.string().optional().describe('Client id for `oauthbearer`'),
  KAFKA_OAUTH_CLIENT_SECRET_FILE: z
    .string()
    .optional()
    .describe(
      'File whose content, without line ends after it, is the client secret for `oauthbearer`; UTF-8',
    ),
  KAFKA_OAUTH_SCOPE: z.string().optional().describe('Scope to ask for, for `oauthbearer`'),
  KAFKA_OAUTH_CA_FILE: z
    .string()
    .optional()
    .describe("PEM file of the authority that signed the token endpoint's certificate"),
  KAFKA_AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as sa-east-1')
    .optional()
    .describe("Region of the brokers, for `aws-msk-iam`; the credentials are those of AWS's default chain"),
}

const credentialSettingsSchema = z.object(credentialSettings)
export type CredentialSettings = z.infer<typeof credentialSettingsSchema>
