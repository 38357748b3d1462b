import { z } from 'zod'
import { isPeriod, owner, period, periodFault } from './query-parameters.ts'

/** The query of `GET /insights/slow`. */
export const slowQuerySchema = z.strictObject({ owner, ...period }).refine(isPeriod, periodFault)
