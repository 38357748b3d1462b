import { zValidator } from '@hono/zod-validator'
import { z } from 'zod'
import { preferredWait } from '../../backbone/http/prefer-wait.ts'

const headersSchema = z.object({
  // A client that has no position yet may send it empty.
  'last-event-id': z
    .string()
    .transform((position) => position || undefined)
    .optional(),
  /** In seconds. Preferences that are not known, or make no sense, are passed over (RFC 7240, section 2). */
  prefer: z.string().optional().transform(preferredWait),
})

/** What reads take from the headers of a request. */
export const validateHeaders = () => zValidator('header', headersSchema)
