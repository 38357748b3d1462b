import { decode, sign, verify } from 'hono/jwt'
import { z } from 'zod'
import { type Scope, scopes } from './identity.ts'

const ALGORITHM = 'HS256'
const LONGEST_SECONDS = 24 * 3_600
// Clocks of two machines differ.
const LEEWAY_SECONDS = 60

const claimsSchema = z.object({
  /** The id of the key that signed it. */
  iss: z.string(),
  exp: z.number().int(),
  /** The only customer that it grants access to. */
  sub: z
    .string()
    .regex(/^[0-9a-f]{24}$/)
    .optional(),
  /** RFC 8693, section 4.2: separated by spaces. */
  scope: z.string().default('read'),
})

export interface TokenGrant {
  scopes: ReadonlySet<Scope>
  customer: string | undefined
  /** Seconds since the epoch. */
  expiresAt: number
}

/**
 * Who signed a token, before anything in it is to be believed; undefined when it is not a JWT (RFC 7519) of ours. What
 * signs is the SHA-256 of a key's secret, in hex: the holder can work it out, and the gateways have it.
 */
export function issuerOf(token: string): string | undefined {
  try {
    return claimsSchema.safeParse(decode(token).payload).data?.iss
  } catch {
    return undefined
  }
}

/** What a token grants; undefined when it is not signed by `hash`, has ended, or would last for longer than a day. */
export async function readToken(token: string, hash: string): Promise<TokenGrant | undefined> {
  try {
    const claims = claimsSchema.parse(await verify(token, hash, { alg: ALGORITHM, iat: false }))
    if (claims.exp > Date.now() / 1_000 + LONGEST_SECONDS + LEEWAY_SECONDS) return undefined
    const named = new Set(claims.scope.split(' '))
    return {
      scopes: new Set(scopes.filter((scope) => named.has(scope))),
      customer: claims.sub,
      expiresAt: claims.exp,
    }
  } catch {
    return undefined
  }
}

export function signToken(issuer: string, hash: string, grant: TokenGrant): Promise<string> {
  const { customer, expiresAt } = grant
  const claims = { iss: issuer, exp: expiresAt, scope: [...grant.scopes].join(' ') }
  return sign(customer === undefined ? claims : { ...claims, sub: customer }, hash, ALGORITHM)
}
