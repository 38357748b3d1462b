import {
  allowInsecureRequests,
  type Client,
  ClientSecretBasic,
  clientCredentialsGrantRequest,
  customFetch,
  processClientCredentialsResponse,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'oauth4webapi'
import { type Token, TokenError } from './keep-token.ts'
import { postForm } from './post-form.ts'

interface ClientCredentials {
  tokenUrl: string
  clientId: string
  scope: string | undefined
  secret: string
  /** Of the authority that the endpoint's certificate must be from; undefined: those of the runtime. */
  ca: string[] | undefined
}

const ANSWER_WITHIN_MS = 5_000
// RFC 6749, section 5.1 recommends expires_in, but does not require it.
const DEFAULT_LIFETIME_SECONDS = 300

/** A token by client credentials (RFC 6749, section 4.4). Rejects with {@link TokenError}. */
export async function fetchClientToken(credentials: ClientCredentials): Promise<Token> {
  const { tokenUrl, clientId, scope } = credentials
  const server = { issuer: tokenUrl, token_endpoint: tokenUrl }
  const client: Client = { client_id: clientId }
  try {
    const sentAt = Date.now()
    const response = await clientCredentialsGrantRequest(
      server,
      client,
      ClientSecretBasic(credentials.secret),
      scope === undefined ? {} : { scope },
      {
        // The settings allow http:// on loopback only.
        [allowInsecureRequests]: true,
        [customFetch]: (url, { body, headers, signal }) =>
          postForm(url, { body: String(body), headers, ca: credentials.ca, signal }),
        signal: () => AbortSignal.timeout(ANSWER_WITHIN_MS),
      },
    )
    const token = await processClientCredentialsResponse(server, client, response)
    const lifetimeSeconds = token.expires_in ?? DEFAULT_LIFETIME_SECONDS
    return { value: token.access_token, expiresAt: sentAt + lifetimeSeconds * 1_000 }
  } catch (error) {
    throw tokenErrorOf(error, credentials)
  }
}

function tokenErrorOf(error: unknown, { tokenUrl, clientId, scope }: ClientCredentials): TokenError {
  const endpoint = `The token endpoint ${tokenUrl}`
  const refused = `${endpoint} refused client "${clientId}"`
  if (error instanceof WWWAuthenticateChallengeError)
    return new TokenError(
      `${refused} (${error.status})`,
      'KAFKA_OAUTH_CLIENT_ID and KAFKA_OAUTH_CLIENT_SECRET_FILE',
    )
  if (error instanceof ResponseBodyError) {
    const { error: code, error_description: description } = error
    const what = `${refused}, saying "${description === undefined ? code : `${code}: ${description}`}"`
    if (code === 'invalid_scope')
      return new TokenError(what, scope === undefined ? 'what the client may ask for' : 'KAFKA_OAUTH_SCOPE')
    return new TokenError(what, 'KAFKA_OAUTH_CLIENT_ID and KAFKA_OAUTH_CLIENT_SECRET_FILE')
  }
  const code = codeOf(error)
  if (CERTIFICATE_FAULT.test(code))
    return new TokenError(`The certificate of ${tokenUrl} is not trusted (${code})`, 'KAFKA_OAUTH_CA_FILE')
  return new TokenError(`${endpoint} gave no token (${code})`, 'KAFKA_OAUTH_TOKEN_URL')
}

const CERTIFICATE_FAULT = /CERT|SELF_SIGNED|UNABLE_TO|ISSUER/

/** The library wraps what its fetch rejects with. Its messages can quote the answer, which has the token. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if (error.name === 'TimeoutError') return 'no answer in time'
  if (error.cause instanceof Response && !error.cause.ok) return String(error.cause.status)
  if (error.cause instanceof Error) return codeOf(error.cause)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
