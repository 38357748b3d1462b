import { z } from 'zod'
import { nearestName } from '../nearest-name.ts'
import { deadLetterReasons } from '../records/dead-letter.ts'
import { once, time } from './notifications-query.ts'

const reason = z.enum(deadLetterReasons, {
  error: ({ input }) => {
    const meant = nearestName(String(input), deadLetterReasons)
    return `must be one of ${deadLetterReasons.join(', ')}${meant === undefined ? '' : `; did you mean ${meant}?`}`
  },
})

/** The query of `GET /dead-letters`, as processors read it and gateways validate it. */
export const deadLettersQuerySchema = z
  .strictObject({
    reason: z
      .union([z.string(), z.array(z.string())])
      .transform((lists) => [lists].flat().flatMap((list) => list.split(',')))
      .pipe(z.array(reason))
      .optional(),
    since: time.optional(),
    until: time.optional(),
    limit: once
      .regex(/^\d+$/, 'must be 1 to 1000')
      .transform(Number)
      .pipe(z.number().min(1, 'must be 1 to 1000').max(1_000, 'must be 1 to 1000'))
      .default(100),
    cursor: once.optional(),
    redriven: once
      .pipe(z.enum(['true', 'false'], 'must be true or false'))
      .transform((text) => text === 'true')
      .optional(),
  })
  .refine(({ since, until }) => since === undefined || until === undefined || since < until, {
    path: ['since'],
    error: 'must be before until',
  })

export type DeadLettersQuery = z.infer<typeof deadLettersQuerySchema>
