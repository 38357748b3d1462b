import { z } from 'zod'
import { nearestName } from '../nearest-name.ts'
import { notifiedKinds, outcomeKinds } from '../records/outcome.ts'

// A parameter that is given once is a string; a repeated one is an array.
export const once = z.string('may be given only once')
const kinds = z.enum(outcomeKinds, {
  error: ({ input }) => {
    const meant = nearestName(String(input), outcomeKinds)
    return `must be one of ${outcomeKinds.join(', ')}${meant === undefined ? '' : `; did you mean ${meant}?`}`
  },
})
export const time = once
  .pipe(z.iso.datetime({ offset: true, error: 'must be a time in ISO 8601 with a zone' }))
  .transform(Date.parse)

/**
 * The query of `GET /notifications` and its stream, as processors read it and gateways validate it. A list
 * may also be repeated: `kind=none&kind=quick` is `kind=none,quick`.
 */
export const notificationsQuerySchema = z
  .strictObject({
    kind: z
      .union([z.string(), z.array(z.string())])
      .transform((lists) => [lists].flat().flatMap((list) => list.split(',')))
      .pipe(z.array(kinds))
      .default(notifiedKinds),
    customer: once
      .toLowerCase()
      .regex(/^[0-9a-f]{24}$/, 'must be 24 hexadecimal digits')
      .optional(),
    since: time.optional(),
    until: time.optional(),
    limit: once
      .regex(/^\d+$/, 'must be 1 to 1000')
      .transform(Number)
      .pipe(z.number().min(1, 'must be 1 to 1000').max(1_000, 'must be 1 to 1000'))
      .default(100),
    cursor: once.optional(),
    /** `event-source-polyfill` sends the last id as this parameter, because it cannot send the header. */
    lastEventId: once.optional(),
    from: once.pipe(z.enum(['earliest', 'now'], 'must be earliest or now')).optional(),
  })
  .refine(({ since, until }) => since === undefined || until === undefined || since < until, {
    path: ['since'],
    error: 'must be before until',
  })
