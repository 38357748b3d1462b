import { isUtf8 } from 'node:buffer'
import type { Context } from 'hono'
import { type CorrectedCheckout, incomingCheckoutSchema } from '../backbone/checkout.ts'
import { jsonPointer, ProblemError } from '../backbone/problem.ts'
import { isNdjson } from './read-batch.ts'

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i

/** A few bytes of a coding could become any number of them (RFC 9110, section 15.5.16). */
function assertNotEncoded(context: Context) {
  const coding = context.req.header('content-encoding')?.trim().toLowerCase() ?? ''
  if (coding === '' || coding === 'identity') return
  throw new ProblemError('unsupported-media-type', {
    detail: 'The body must not be compressed',
    headers: { 'accept-encoding': 'identity' },
  })
}

export function assertJson(context: Context): void {
  assertNotEncoded(context)
  if (JSON_TYPE.test(context.req.header('content-type') ?? '')) return
  throw new ProblemError('unsupported-media-type', { headers: { accept: 'application/json' } })
}

export function assertJsonOrNdjson(context: Context): void {
  assertNotEncoded(context)
  const contentType = context.req.header('content-type')
  if (JSON_TYPE.test(contentType ?? '') || isNdjson(contentType)) return
  throw new ProblemError('unsupported-media-type', {
    detail: 'A batch may also be sent as application/x-ndjson',
    headers: { accept: 'application/json, application/x-ndjson' },
  })
}

// A byte order mark is passed over, as the Fetch standard has it.
const utf8 = new TextDecoder()

/** What is not UTF-8 would be decoded to U+FFFD, and a name stored that nobody has. */
export function textOf(body: Uint8Array): string {
  if (isUtf8(body)) return utf8.decode(body)
  throw new ProblemError('malformed-json', { detail: 'The body is not UTF-8' })
}

/** Throws `malformed-json`. */
export function jsonOf(body: Uint8Array): unknown {
  const text = textOf(body)
  try {
    return JSON.parse(text)
  } catch {
    throw new ProblemError('malformed-json')
  }
}

/** Throws `invalid-checkout` with all faults. */
export function checkoutFrom(json: unknown): CorrectedCheckout {
  const parsed = incomingCheckoutSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map(({ path, message }) => ({
    pointer: jsonPointer(path),
    detail: message,
  }))
  throw new ProblemError('invalid-checkout', { errors })
}
