import { isUtf8 } from 'node:buffer'
import type { Context } from 'hono'
import type { StoredCheckout } from '../backbone/checkout.ts'
import type { Correction } from '../backbone/correct-checkout.ts'
import type { Fault } from '../backbone/fault.ts'
import { type ParsedCheckout, parseCheckout } from '../backbone/parse-checkout.ts'
import { ProblemError } from '../backbone/problem.ts'
import { createUnknownFieldFinder, type Warning } from '../backbone/unknown-fields.ts'
import { parseJson } from './parse-json.ts'
import { isNdjson } from './read-batch.ts'

/** A checkout that can be stored, with what the answer reports about it. */
export interface SubmittedCheckout {
  checkout: StoredCheckout
  corrections: Correction[]
  /** Of a purchase that was sent with `handling=lenient`; absent when there are none. */
  faults?: Fault[]
  /** Absent when there are none. */
  warnings?: Warning[]
}

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
export const jsonOf = (body: Uint8Array): unknown => parseJson(textOf(body))

/** `knownFields` are accepted in addition to those of a checkout. */
export function createCheckoutReader(knownFields: readonly string[] = []) {
  const findUnknownFields = createUnknownFieldFinder(knownFields)

  /**
   * Throws `invalid-checkout` with all faults. With `lenient`, a purchase that is proven is taken in spite of faults in other
   * fields, and of misnamed ones.
   */
  return (json: unknown, lenient: boolean): SubmittedCheckout => {
    const parsed = parseCheckout(json)
    const { warnings, misnamed } = findUnknownFields(json)
    const faults = [...misnamed, ...parsed.faults]
    if (parsed.is === 'invalid' || (faults.length > 0 && !(lenient && isPurchase(parsed))))
      throw new ProblemError('invalid-checkout', { errors: faults })
    return {
      checkout: parsed.checkout,
      corrections: parsed.corrections,
      ...(parsed.faults.length > 0 ? { faults: parsed.faults } : {}),
      ...(warnings.length > 0 ? { warnings } : {}),
    }
  }
}

const isPurchase = (parsed: ParsedCheckout): boolean =>
  parsed.is === 'faulty purchase' ||
  (parsed.is === 'valid' && parsed.checkout.folio !== null && (parsed.checkout.taps ?? 0) > 0)

/** Of a body that is one checkout. */
export const checkoutFrom = createCheckoutReader()
