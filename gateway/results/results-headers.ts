import { sessionCookieOf } from '../../backbone/access/session-cookie.ts'
import { ProblemError } from '../../backbone/problem.ts'

// Includes the credential: processors decide who may read what.
const PASSED_ON = ['accept', 'authorization', 'last-event-id', 'prefer'] as const
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/**
 * The headers of a forwarded read. Throws `invalid-request` for a value that Bun accepts from a socket but no
 * client can send (RFC 9110, section 5.5).
 */
export function resultsHeaders(headers: Headers): Record<string, string> {
  const given = PASSED_ON.map((name) => [name, headers.get(name)] as const)
  // Other cookies of the storefront are not forwarded.
  const all = [...given, ['cookie', sessionCookieOf(headers.get('cookie')) ?? null] as const]
  const passedOn: Record<string, string> = {}
  for (const [name, value] of all) {
    if (value === null) continue
    if (!FIELD_VALUE.test(value))
      throw new ProblemError('invalid-request', {
        detail: `${name} has a character that is not allowed in a header`,
      })
    passedOn[name] = value
  }
  return passedOn
}
