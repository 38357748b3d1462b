import { z } from 'zod'
import { checkoutSchema, faultyPurchaseSchema } from './checkout.ts'
import { OUTCOME_ID } from './event-id.ts'
import { type FaultCode, faultCodes } from './fault.ts'

interface KindRules {
  /**
   * Number of the kind in read model files: unique, never changed and never reused. 0 to 30, because the read
   * model filters with a mask of 31 bits.
   */
  number: number
  /**
   * The closing sentence of the message (docs/reference/domain.md, Messages); null: the customer gets no message.
   */
  invitation: string | null
  /** Whether the outcome is copied to FollowUp, for the support team. */
  isFollowedUp: boolean
}

/**
 * All rules that depend only on the kind (docs/reference/domain.md, Classification). CONTRIBUTING.md says how to
 * add one.
 */
export const kindRules = {
  none: { number: 0, invitation: null, isFollowedUp: false },
  quick: {
    number: 1,
    invitation:
      'donde te demoraste un tiempo corto en adquirirlo, te invitamos a seguir comprando en nuestra plataforma.',
    isFollowedUp: false,
  },
  slow: {
    number: 2,
    invitation:
      'si te sucedió un error en la plataforma que hizo que tu tiempo en comprar el producto se atrasara, no dudes en contactarnos.',
    isFollowedUp: true,
  },
  unverified: { number: 3, invitation: null, isFollowedUp: true },
  invalid: { number: 4, invitation: null, isFollowedUp: false },
} as const satisfies Record<string, KindRules>

export type OutcomeKind = keyof typeof kindRules
export const outcomeKinds = Object.keys(kindRules) as OutcomeKind[]

/** The kinds of records that can be read as a checkout. */
export type ClassifiedKind = Exclude<OutcomeKind, 'invalid'>
export const classifiedKinds = outcomeKinds.filter((kind): kind is ClassifiedKind => kind !== 'invalid')
export const notifiedKinds = outcomeKinds.filter((kind) => kindRules[kind].invitation !== null)
export const followedUpKinds = outcomeKinds.filter((kind) => kindRules[kind].isFollowedUp)

const kindsByNumber = new Map<number, OutcomeKind>(outcomeKinds.map((kind) => [kindRules[kind].number, kind]))

/** Throws for an unknown number. */
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

/** Who sent a dead letter again, and when. */
export const redriveSchema = z.object({
  /** Id of the dead letter, which is the event id of its `invalid` outcome. */
  of: z.string().regex(OUTCOME_ID),
  /** Id of the API key, or `anonymous` without keys. */
  by: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  at: z.iso.datetime(),
})

export type Redrive = z.infer<typeof redriveSchema>

/** The value of every record in Notifications except claims, which have none (docs/asyncapi.yaml). */
export const outcomeSchema = z.object({
  eventId: z.string(),
  kind: z.enum(outcomeKinds),
  /** Message to the customer; null for a kind that does not notify. */
  message: z.string().nullable(),
  /** Null if the record could not be read as a checkout: its bytes are in the dead-letter topic. */
  checkout: z.union([checkoutSchema, faultyPurchaseSchema, z.null()]),
  receivedAt: z.iso.datetime(),
  classifiedAt: z.iso.datetime(),
  /** The position of its record in DataTopic. */
  source: z.object({ partition: z.number().int(), offset: z.number().int() }),
  /** Faults of a purchase that is proven in spite of them; absent if there are none. */
  faults: z.array(faultSchema).optional(),
  /** Absent unless its record was a dead letter that somebody sent again. */
  redrive: redriveSchema.optional(),
})

export type Outcome = z.infer<typeof outcomeSchema>

/** An outcome in an answer. */
export const servedOutcomeSchema = outcomeSchema.extend({
  /** Only for clients that read the events of all owners. */
  owner: z.string().optional(),
})

export type ServedOutcome = z.infer<typeof servedOutcomeSchema>
