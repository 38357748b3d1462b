import { decode, sign, verify } from 'hono/jwt'
import { z } from 'zod'
import { type Scope, scopes } from './identity.ts'

const ALGORITHM = 'HS256'
const LONGEST_SECONDS = 24 * 3_600
// Allowed difference between the clocks of two machines.
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
 * The id of the key that signed a token, before the signature is verified. Undefined if it is not one of our
 * JWTs (RFC 7519). The signing key is the SHA-256 of a key's secret, in hex: the holder can compute it, and
 * the gateways have it.
 */
export function issuerOf(token: string): string | undefined {
  try {
    return claimsSchema.safeParse(decode(token).payload).data?.iss
  } catch {
    return undefined
  }
}

/**
 * What a token grants. Undefined if it is not signed with `hash`, has expired, or is valid for more than a
 * day.
 */
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
