import { z } from 'zod'
import { checkoutSchema } from './checkout.ts'

export const outcomeKinds = ['none', 'quick', 'slow', 'unverified', 'invalid'] as const

/** The value of every record in Notifications but the claims, which have none (DESIGN.md, Topics). */
export const outcomeSchema = z.object({
  eventId: z.string(),
  kind: z.enum(outcomeKinds),
  /** Only `quick` and `slow` tell the customer something. */
  message: z.string().nullable(),
  /** Null when the record could not be read as a checkout: its bytes are in the dead-letter topic. */
  checkout: checkoutSchema.nullable(),
  receivedAt: z.iso.datetime(),
  classifiedAt: z.iso.datetime(),
  /** Where in DataTopic it came from. */
  source: z.object({ partition: z.number().int(), offset: z.number().int() }),
})

export type Outcome = z.infer<typeof outcomeSchema>
export type OutcomeKind = Outcome['kind']
