import { z } from 'zod'
import { outcomeKinds } from '../backbone/outcome.ts'
import { ProblemError } from '../backbone/problem.ts'
import type { ViewFilter } from './view-record.ts'

const kinds = z.enum(outcomeKinds, `must be of ${outcomeKinds.join(', ')}`)
const time = z.iso
  .datetime({ offset: true, error: 'must be a time in ISO 8601 with a zone' })
  .transform(Date.parse)

const querySchema = z.object({
  kind: z
    .string()
    .default('quick,slow')
    .transform((list) => list.split(','))
    .pipe(z.array(kinds)),
  customer: z
    .string()
    .toLowerCase()
    .regex(/^[0-9a-f]{24}$/, 'must be 24 hexadecimal digits')
    .optional(),
  since: time.optional(),
  until: time.optional(),
  limit: z.coerce
    .number('must be a number')
    .int('must be whole')
    .min(1, 'must be 1 to 1000')
    .max(1000, 'must be 1 to 1000')
    .default(100),
  cursor: z.string().optional(),
  from: z.enum(['earliest', 'now'], 'must be earliest or now').optional(),
})

export interface NotificationsQuery {
  filter: ViewFilter
  limit: number
  cursor: string | undefined
  from: 'earliest' | 'now' | undefined
}

/** Throws `invalid-request` naming every faulty parameter. */
export function parseNotificationsQuery(parameters: Record<string, string>): NotificationsQuery {
  const parsed = querySchema.safeParse(parameters)
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`)
    throw new ProblemError('invalid-request', { detail: faults.join('; ') })
  }
  const { kind, customer, since, until, limit, cursor, from } = parsed.data
  const filter: ViewFilter = {
    kinds: new Set(kind),
    ...(customer === undefined ? {} : { customer }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  }
  return { filter, limit, cursor, from }
}
