import { zValidator } from '@hono/zod-validator'
import { z } from 'zod'
import { nearestName } from '../nearest-name.ts'
import { ProblemError } from '../problem.ts'
import { OUTCOME_ID } from '../records/event-id.ts'

type Issue = z.core.$ZodIssue

/**
 * Rejects a query that does not match the strict schema of its route. Unknown parameters are rejected too,
 * because a misspelt one would otherwise be ignored. Throws `invalid-request` with all faults. Repeated
 * parameters are arrays.
 */
export function validateQuery<Schema extends z.ZodObject>(schema: Schema) {
  const known = Object.keys(schema.shape)
  return zValidator('query', schema, (result, { req }) => {
    assertEncoded(req.url)
    if (result.success) return
    const faults = new Set(result.error.issues.flatMap((issue) => faultsOf(issue, known)))
    throw new ProblemError('invalid-request', { detail: [...faults].join('; ') })
  })
}

/** For routes that take no parameters in the query. */
export const validateNoQuery = () => validateQuery(z.strictObject({}))

/** Does not look up an id that cannot exist. Throws `unknown-event`. */
export const validateEventId = () =>
  zValidator('param', z.object({ eventId: z.string().regex(OUTCOME_ID) }), ({ success }) => {
    if (!success) throw new ProblemError('unknown-event')
  })

/** The same for the id of a dead letter. Throws `unknown-dead-letter`. */
export const validateDeadLetterId = () =>
  zValidator('param', z.object({ id: z.string().regex(OUTCOME_ID) }), ({ success }) => {
    if (!success) throw new ProblemError('unknown-dead-letter')
  })

function faultsOf(issue: Issue, known: readonly string[]): string[] {
  if (issue.code !== 'unrecognized_keys') return [`${String(issue.path[0])} ${issue.message}`]
  return issue.keys.map((name) => `${name} is not a parameter of this route: ${hint(name, known)}`)
}

function hint(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  if (nearest !== undefined) return `did you mean ${nearest}?`
  return known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`
}

/** Hono does not decode invalid percent-encoding and passes it on unchanged (RFC 3986, section 2.1). */
function assertEncoded(url: string) {
  try {
    decodeURIComponent(new URL(url).search.replaceAll('+', ' '))
  } catch {
    throw new ProblemError('invalid-request', { detail: 'the query is not UTF-8 in percent-encoding' })
  }
}
