import { ProblemError } from '../backbone/problem.ts'

const QUOTED = /^"((?:[!#-[\]-~]|\\["\\])*)"$/
const BARE = /^[!#-~][!-~]*$/
const MAX_LENGTH = 255

/**
 * The key in the header `Idempotency-Key`: a quoted string (RFC 8941), or the same without quotes as Stripe has it.
 * Two headers arrive as one value with a comma and a space, which neither form takes.
 */
export function parseIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  return checked(QUOTED.exec(header)?.[1]?.replace(/\\(.)/g, '$1') ?? BARE.exec(header)?.[0])
}

/** A key that is written out by itself, without quotes around it. */
export function checkIdempotencyKey(key: unknown): string {
  return checked(typeof key === 'string' ? /^[!-~]+$/.exec(key)?.[0] : undefined)
}

function checked(key: string | undefined): string {
  if (key !== undefined && key.length >= 1 && key.length <= MAX_LENGTH) return key
  throw new ProblemError('invalid-request', {
    detail: `Idempotency-Key must be one string of 1 to ${MAX_LENGTH} visible ASCII characters`,
  })
}
