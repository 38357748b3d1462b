import { ProblemError } from '../../backbone/problem.ts'
import { canonicalCheckout } from '../../backbone/records/checkout.ts'
import type { DeadLetterDetails } from '../../backbone/records/dead-letter.ts'
import { parseCheckout } from '../../backbone/records/parse-checkout.ts'
import { syntaxErrorOf } from '../../backbone/records/syntax-error.ts'

/** The value of a dead letter as JSON. Throws `invalid-checkout` if it is none. */
export function jsonOfLetter({ payload }: Pick<DeadLetterDetails, 'payload'>): unknown {
  if (payload === undefined || payload === null) throw unreadable('missing', 'is missing')
  if ('base64' in payload) throw unreadable('format', 'is not UTF-8')
  try {
    // The processor ignores a byte order mark, too.
    return JSON.parse(payload.text.replace(/^\uFEFF/, ''))
  } catch {
    throw unreadable('format', syntaxErrorOf(payload.text))
  }
}

const unreadable = (code: 'missing' | 'format', detail: string) =>
  new ProblemError('invalid-checkout', {
    detail: 'The dead letter cannot be read as a checkout: send a corrected one',
    errors: [{ pointer: '', code, detail }],
  })

/** Whether two values are the same checkout, after corrections. */
export function areSameCheckout(one: unknown, other: unknown): boolean {
  const canonical = canonicalOf(one)
  return canonical !== undefined && canonical === canonicalOf(other)
}

function canonicalOf(value: unknown): string | undefined {
  const parsed = parseCheckout(value)
  return parsed.is === 'invalid' ? undefined : canonicalCheckout(parsed.checkout)
}
