import { z } from 'zod'
import { checkoutSchema, faultyPurchaseSchema } from './checkout.ts'
import { type FaultCode, faultCodes } from './fault.ts'

export const outcomeKinds = ['none', 'quick', 'slow', 'unverified', 'invalid'] as const
export type OutcomeKind = (typeof outcomeKinds)[number]

/** What is stored for a kind, in read model files too. Append only: a number keeps its meaning for ever. */
const kindNumbers = { none: 0, quick: 1, slow: 2, unverified: 3, invalid: 4 } as const satisfies Record<
  OutcomeKind,
  number
>
const kindsByNumber = new Map<number, OutcomeKind>(outcomeKinds.map((kind) => [kindNumbers[kind], kind]))

export const kindNumber = (kind: OutcomeKind): number => kindNumbers[kind]

/** Throws for a number that no kind has. */
export function kindOfNumber(number: number): OutcomeKind {
  const kind = kindsByNumber.get(number)
  if (kind === undefined) throw new Error(`no kind of outcome has the number ${number}`)
  return kind
}

const faultSchema = z.object({
  pointer: z.string(),
  code: z.enum(Object.keys(faultCodes) as FaultCode[]),
  detail: z.string(),
})

/** The value of every record in Notifications but the claims, which have none (DESIGN.md, Topics). */
export const outcomeSchema = z.object({
  eventId: z.string(),
  kind: z.enum(outcomeKinds),
  /** Only `quick` and `slow` tell the customer something. */
  message: z.string().nullable(),
  /** Null when the record could not be read as a checkout: its bytes are in the dead-letter topic. */
  checkout: z.union([checkoutSchema, faultyPurchaseSchema, z.null()]),
  receivedAt: z.iso.datetime(),
  classifiedAt: z.iso.datetime(),
  /** Where in DataTopic it came from. */
  source: z.object({ partition: z.number().int(), offset: z.number().int() }),
  /** Of a purchase that is proven in spite of them; absent when there are none. */
  faults: z.array(faultSchema).optional(),
})

export type Outcome = z.infer<typeof outcomeSchema>
