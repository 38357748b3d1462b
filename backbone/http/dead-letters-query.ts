import { z } from 'zod'
import { deadLetterReasons } from '../records/dead-letter.ts'
import { isPeriod, listOf, once, owner, page, period, periodFault } from './query-parameters.ts'

/** The query of `GET /dead-letters`, as processors read it and gateways validate it. */
export const deadLettersQuerySchema = z
  .strictObject({
    owner,
    reason: listOf(deadLetterReasons).optional(),
    ...period,
    ...page,
    redriven: once
      .pipe(z.enum(['true', 'false'], 'must be true or false'))
      .transform((text) => text === 'true')
      .optional(),
  })
  .refine(isPeriod, periodFault)

export type DeadLettersQuery = z.infer<typeof deadLettersQuerySchema>
