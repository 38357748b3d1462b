import type { Mechanism } from 'kafkajs'
import type { KeptToken } from './keep-token.ts'

const SEPARATOR = '\x01'
const OAUTHBEARER = 'OAUTHBEARER'

/**
 * SASL OAUTHBEARER (RFC 7628). That of kafkajs 2.2.4 takes the server's error for success, because it ignores the answer
 * to the token: the next request then fails without a reason.
 */
export const oauthBearer = (kept: KeptToken): Mechanism => ({
  mechanism: OAUTHBEARER,
  authenticationProvider: ({ saslAuthenticate }) => ({
    async authenticate() {
      const token = await kept.current()
      const error = await saslAuthenticate({
        request: message(`n,,${SEPARATOR}auth=Bearer ${token}${SEPARATOR}${SEPARATOR}`),
        response: text,
      })
      if (!error) return
      kept.discard(token)
      // Section 3.2.3: the client must answer the error, and only then does the server fail the authentication.
      await saslAuthenticate({ request: message(SEPARATOR), response: text })
      throw new Error(`Kafka refused the token: ${error}`)
    },
  }),
})

const LENGTH_BYTES = 4

function message(content: string) {
  const bytes = Buffer.from(content)
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeInt32BE(bytes.length)
  const encoded = Buffer.concat([length, bytes])
  return { encode: () => encoded }
}

const text = {
  decode: (raw: Buffer) => raw.subarray(LENGTH_BYTES),
  parse: (bytes: Buffer) => bytes.toString('utf8'),
}
