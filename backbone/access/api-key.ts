import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { scopes } from './identity.ts'

const KEY_ID = /^[A-Za-z0-9_-]{1,64}$/
/** Allowed values of the record header `owner`. */
export const OWNER = /^[A-Za-z0-9._-]{1,64}$/
export const OWNER_RULE = 'must be 1 to 64 letters, digits, ., - or _'
const ID_BYTES = 6
const SECRET_BYTES = 32

/** One entry of `API_KEYS_FILE`. */
export const apiKeySchema = z.strictObject({
  id: z.string().regex(KEY_ID, 'must be 1 to 64 letters, digits, - or _'),
  /** SHA-256 of the secret, in hex. The secret has 256 random bits, so a slow hash is not needed. */
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal digits'),
  owner: z.string().regex(OWNER, OWNER_RULE),
  scopes: z.array(z.enum(scopes)).min(1),
  /** Requests per second, for each gateway. */
  rate: z.number().positive().optional(),
  expires: z.iso.datetime({ offset: true }).optional(),
  /** Whether its requests that write must be signed. */
  signed: z.boolean().optional(),
})

export type ApiKey = z.infer<typeof apiKeySchema>

export const hashOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** A new key: the text that its holder gets once, and the hash that is stored. */
export function mintSecret() {
  const id = randomBytes(ID_BYTES).toString('hex')
  const secret = randomBytes(SECRET_BYTES).toString('base64url')
  return { id, hash: hashOfSecret(secret), bearer: `${id}.${secret}` }
}

/** Splits `keyId.secret`; undefined if the text has another form. */
export function splitKey(bearer: string): { id: string; secret: string } | undefined {
  const [id, secret, ...rest] = bearer.split('.')
  if (!id || !secret || rest.length > 0 || !KEY_ID.test(id)) return undefined
  return { id, secret }
}

/** Takes constant time, whether or not there is a hash to compare with. */
export function isSecretOf(hash: string | undefined, secret: string): boolean {
  const given = hashOfSecret(secret)
  const equal = timingSafeEqual(Buffer.from(given), Buffer.from(hash ?? given))
  return equal && hash !== undefined
}
