import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { scopes } from './identity.ts'

const KEY_ID = /^[A-Za-z0-9_-]{1,64}$/
/** What may stand in the header `owner` of a record. */
export const OWNER = /^[A-Za-z0-9._-]{1,64}$/
const ID_BYTES = 6
const SECRET_BYTES = 32

/** One entry of `API_KEYS_FILE`. */
export const apiKeySchema = z.strictObject({
  id: z.string().regex(KEY_ID, 'must be 1 to 64 letters, digits, - or _'),
  /** SHA-256 of the secret, in hex: 256 random bits need no slow hash. */
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal digits'),
  owner: z.string().regex(OWNER, 'must be 1 to 64 letters, digits, ., - or _'),
  scopes: z.array(z.enum(scopes)).min(1),
  /** Requests a second, of each gateway. */
  rate: z.number().positive().optional(),
  expires: z.iso.datetime({ offset: true }).optional(),
  /** Whether its writes must be signed. */
  signed: z.boolean().optional(),
})

export type ApiKey = z.infer<typeof apiKeySchema>

export const hashOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** A key as its holder gets it, once, and what is kept of it. */
export function mintSecret() {
  const id = randomBytes(ID_BYTES).toString('hex')
  const secret = randomBytes(SECRET_BYTES).toString('base64url')
  return { id, hash: hashOfSecret(secret), bearer: `${id}.${secret}` }
}

/** Takes `keyId.secret` apart; undefined when it is not of that form. */
export function splitKey(bearer: string): { id: string; secret: string } | undefined {
  const [id, secret, ...rest] = bearer.split('.')
  if (!id || !secret || rest.length > 0 || !KEY_ID.test(id)) return undefined
  return { id, secret }
}

/** In constant time, whether or not there is a hash to compare with. */
export function isSecretOf(hash: string | undefined, secret: string): boolean {
  const given = hashOfSecret(secret)
  const equal = timingSafeEqual(Buffer.from(given), Buffer.from(hash ?? given))
  return equal && hash !== undefined
}
