import { z } from 'zod'
import { OWNER, OWNER_RULE } from '../../backbone/access/api-key.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { deadLetterReasons } from '../../backbone/records/dead-letter.ts'
import { jsonPointer } from '../../backbone/records/fault.ts'

export const MOST_REDRIVEN_AT_ONCE = 100

const LIMIT = `must be a whole number from 1 to ${MOST_REDRIVEN_AT_ONCE}`
const time = z.iso.datetime({ offset: true, error: 'must be a time in ISO 8601 with a zone' })

const oneSchema = z.strictObject(
  {
    /** Instead of the value of the dead letter. */
    checkout: z.unknown().optional(),
  },
  'must be an object with no other field than checkout',
)

const bulkSchema = z.strictObject(
  {
    owner: z.string('must be text').regex(OWNER, OWNER_RULE).optional(),
    reason: z
      .array(z.enum(deadLetterReasons, `must be one of ${deadLetterReasons.join(', ')}`), 'must be an array')
      .optional(),
    since: time.optional(),
    until: time.optional(),
    limit: z.int(LIMIT).min(1, LIMIT).max(MOST_REDRIVEN_AT_ONCE, LIMIT).default(MOST_REDRIVEN_AT_ONCE),
    cursor: z.string('must be text').optional(),
    /** Changes each checkout before it is sent. */
    patch: z.record(z.string(), z.unknown(), 'must be an object').optional(),
  },
  'must be an object with no other fields than owner, reason, since, until, limit, cursor and patch',
)

export type BulkBody = z.infer<typeof bulkSchema>

/** The checkout to send instead of the value of a dead letter; undefined: that value. Throws `invalid-redrive`. */
export const editedCheckoutIn = (body: unknown): unknown => parsed(oneSchema, body).checkout

/** Throws `invalid-redrive`. */
export const bulkBodyIn = (body: unknown): BulkBody => parsed(bulkSchema, body)

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const { success, data, error } = schema.safeParse(body ?? {})
  if (success) return data
  const faults = error.issues.map(({ path, message }) => `${jsonPointer(path)} ${message}`.trim())
  throw new ProblemError('invalid-redrive', { detail: faults.join('; ') })
}
