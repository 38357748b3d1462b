import { z } from 'zod'
import { OWNER, OWNER_RULE } from '../access/api-key.ts'
import { nearestName } from '../nearest-name.ts'

/** A parameter that is given once is a string; a repeated one is an array. */
export const once = z.string('may be given only once')

/** A list of known names; it may also be repeated: `kind=none&kind=quick` is `kind=none,quick`. */
export function listOf<const Name extends string>(names: readonly Name[]) {
  const name = z.enum(names, {
    error: ({ input }) => {
      const meant = nearestName(String(input), names)
      return `must be one of ${names.join(', ')}${meant === undefined ? '' : `; did you mean ${meant}?`}`
    },
  })
  return z
    .union([z.string(), z.array(z.string())])
    .transform((lists) => [lists].flat().flatMap((list) => list.split(',')))
    .pipe(z.array(name))
}

/** Of the events of this owner only. */
export const owner = once.regex(OWNER, OWNER_RULE).optional()

const time = once
  .pipe(z.iso.datetime({ offset: true, error: 'must be a time in ISO 8601 with a zone' }))
  .transform(Date.parse)

/** At or after `since`, before `until`. Refine the query with {@link isPeriod}. */
export const period = { since: time.optional(), until: time.optional() }

export const isPeriod = ({ since, until }: { since?: number | undefined; until?: number | undefined }) =>
  since === undefined || until === undefined || since < until
export const periodFault = { path: ['since'], error: 'must be before until' }

/** Size and position of a page. */
export const page = {
  limit: once
    .regex(/^\d+$/, 'must be 1 to 1000')
    .transform(Number)
    .pipe(z.number().min(1, 'must be 1 to 1000').max(1_000, 'must be 1 to 1000'))
    .default(100),
  cursor: once.optional(),
}
