import { isUtf8 } from 'node:buffer'
import { type CorrectedCheckout, incomingCheckoutSchema } from '../backbone/checkout.ts'
import { jsonPointer, ProblemError } from '../backbone/problem.ts'

// A byte order mark is passed over, as the Fetch standard has it.
const utf8 = new TextDecoder()

/**
 * What is not UTF-8 would be decoded to U+FFFD, and a name stored that nobody has. Throws `malformed-json`, with what `name`
 * calls the text.
 */
export function jsonOf(bytes: Uint8Array, name = 'The body'): unknown {
  if (!isUtf8(bytes)) throw new ProblemError('malformed-json', { detail: `${name} is not UTF-8` })
  try {
    return JSON.parse(utf8.decode(bytes))
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
