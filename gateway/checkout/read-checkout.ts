import { isUtf8 } from 'node:buffer'
import { ProblemError } from '../../backbone/problem.ts'
import { canonicalCheckout, type StoredCheckout } from '../../backbone/records/checkout.ts'
import type { Correction } from '../../backbone/records/correct-checkout.ts'
import { eventIdOfBody } from '../../backbone/records/event-id.ts'
import type { Fault } from '../../backbone/records/fault.ts'
import { type ParsedCheckout, parseCheckout } from '../../backbone/records/parse-checkout.ts'
import { sumWarnings } from '../../backbone/records/stage-sum.ts'
import { createUnknownFieldFinder } from '../../backbone/records/unknown-fields.ts'
import { MOST_WARNINGS, type Warning } from '../../backbone/records/warning.ts'
import { parseJson } from './parse-json.ts'

/** A checkout that can be stored, with the notes for its answer. */
export interface SubmittedCheckout {
  checkout: StoredCheckout
  /** Its canonical text, and the id of that: an event has only one. */
  value: string
  fingerprint: string
  corrections: Correction[]
  notes: CheckoutNotes
}

/** What its answer says of a checkout, beside the corrections. */
export interface CheckoutNotes {
  /** Faults of a purchase that was sent with `handling=lenient`; absent if there are none. */
  faults?: Fault[]
  /** Absent if there are none. */
  warnings?: Warning[]
}

// Ignores a byte order mark, as the Fetch standard requires.
const utf8 = new TextDecoder()

/**
 * Rejects invalid UTF-8, which would otherwise be decoded to U+FFFD and stored as a wrong name. Throws
 * `malformed-json`. `line` is the line number, if the text is one line of a body.
 */
export function jsonOf(bytes: Uint8Array, line?: number, search = true): unknown {
  if (isUtf8(bytes)) return parseJson(utf8.decode(bytes), line, search)
  const name = line === undefined ? 'The body' : `Line ${line}`
  throw new ProblemError('malformed-json', { detail: `${name} is not UTF-8` })
}

const findUnknownFields = createUnknownFieldFinder(['idempotencyKey'])

/**
 * Throws `invalid-checkout` with all faults, and with all warnings, because an unknown field may be a
 * misspelt missing one. With `lenient`, a proven purchase is accepted in spite of faults in other fields
 * and of misnamed fields.
 */
export function checkoutFrom(json: unknown, lenient: boolean): SubmittedCheckout {
  const parsed = parseCheckout(json)
  const { warnings: unknown, misnamed } = findUnknownFields(json)
  const warnings = [...sumWarnings(parsed), ...unknown].slice(0, MOST_WARNINGS)
  const faults = [...misnamed, ...parsed.faults]
  const warned = warnings.length > 0 ? { warnings } : {}
  if (parsed.is === 'invalid' || (faults.length > 0 && !(lenient && isPurchase(parsed))))
    throw new ProblemError('invalid-checkout', { errors: faults, ...warned })
  return submittedCheckout(parsed.checkout, parsed.corrections, {
    ...(parsed.faults.length > 0 ? { faults: parsed.faults } : {}),
    ...warned,
  })
}

export function submittedCheckout(
  checkout: StoredCheckout,
  corrections: Correction[] = [],
  notes: CheckoutNotes = {},
): SubmittedCheckout {
  const value = canonicalCheckout(checkout)
  return { checkout, value, fingerprint: eventIdOfBody(value), corrections, notes }
}

const isPurchase = (parsed: ParsedCheckout): boolean =>
  parsed.is === 'faulty purchase' ||
  (parsed.is === 'valid' && parsed.checkout.folio !== null && (parsed.checkout.taps ?? 0) > 0)
