import { zValidator } from '@hono/zod-validator'
import { z } from 'zod'
import { preferredWait } from '../../backbone/http/prefer-wait.ts'

const headersSchema = z.object({
  // A client without a position may send it empty.
  'last-event-id': z
    .string()
    .transform((position) => position || undefined)
    .optional(),
  /** In seconds. Unknown or invalid preferences are ignored (RFC 7240, section 2). */
  prefer: z.string().optional().transform(preferredWait),
})

/** The request headers that reads use. */
export const validateHeaders = () => zValidator('header', headersSchema)
