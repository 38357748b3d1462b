import { ProblemError } from '../../backbone/problem.ts'
import { eventIdOfBody } from '../../backbone/records/event-id.ts'

const QUOTED = /^"((?:[!#-[\]-~]|\\["\\])*)"$/
const BARE = /^[!#-~][!-~]*$/
const MAX_LENGTH = 255

/**
 * The key in the header `Idempotency-Key`: a quoted string (RFC 8941), or without quotes as in Stripe's API.
 * Two headers arrive as one value with a comma and a space, which neither form allows.
 */
export function parseIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const key = QUOTED.exec(header)?.[1]?.replace(/\\(.)/g, '$1') ?? BARE.exec(header)?.[0]
  return checked(key, 'Idempotency-Key')
}

/**
 * The key in the field `idempotencyKey` of a record, without quotes; null and "" mean absent. Throws
 * `invalid-request`.
 */
export function ownIdempotencyKey(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null || !('idempotencyKey' in record)) return undefined
  const { idempotencyKey: key } = record
  if (key === undefined || key === null || key === '') return undefined
  return checked(typeof key === 'string' ? /^[!-~]+$/.exec(key)?.[0] : undefined, 'idempotencyKey')
}

/**
 * The key of a record without its own key in a batch with a key. Sent alone with this key, the record is the
 * same event.
 */
export function keyInBatch(batchKey: string, fingerprint: string): string {
  const key = `${batchKey}/${fingerprint}`
  return key.length <= MAX_LENGTH ? key : `${eventIdOfBody(batchKey)}/${fingerprint}`
}

function checked(key: string | undefined, name: string): string {
  if (key !== undefined && key.length >= 1 && key.length <= MAX_LENGTH) return key
  throw new ProblemError('invalid-request', {
    detail: `${name} must be one string of 1 to ${MAX_LENGTH} visible ASCII characters`,
  })
}
