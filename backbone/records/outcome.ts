import { z } from 'zod'
import { checkoutSchema, faultyPurchaseSchema } from './checkout.ts'
import { OUTCOME_ID } from './event-id.ts'
import { type FaultCode, faultCodes } from './fault.ts'

interface KindRules {
  /** Number of the kind in read model files: unique, never changed and never reused. */
  number: number
  /** Whether the customer gets a message. */
  isNotified: boolean
  /** Whether the outcome is copied to FollowUp, for the support team. Of purchases, `rules.json` decides. */
  isFollowedUp: boolean
}

/**
 * All rules that depend only on the kind (docs/reference/domain.md, Classification). CONTRIBUTING.md says how to
 * add one.
 */
export const kindRules = {
  none: { number: 0, isNotified: false, isFollowedUp: false },
  quick: { number: 1, isNotified: true, isFollowedUp: false },
  slow: { number: 2, isNotified: true, isFollowedUp: true },
  unverified: { number: 3, isNotified: false, isFollowedUp: true },
  invalid: { number: 4, isNotified: false, isFollowedUp: false },
} as const satisfies Record<string, KindRules>

/** The kinds that every system has. */
export type BaseKind = keyof typeof kindRules
export const baseKinds = Object.keys(kindRules) as BaseKind[]

/** Name of a kind of purchase that the rules of a system add: its customers always get a message. */
export type AddedKind = string & { readonly kind: 'added' }
/** Outcomes may also have a kind that only other members, or earlier rules, know. */
export type OutcomeKind = BaseKind | AddedKind

export const KIND = /^[a-z][a-z0-9-]{0,31}$/
export const KIND_RULE = 'must be a lower-case letter, then at most 31 lower-case letters, digits or dashes'
export const kindSchema = z.string().regex(KIND, KIND_RULE) as z.ZodType as z.ZodType<OutcomeKind>

/** The kinds of records that can be read as a checkout. */
export type ClassifiedKind = Exclude<BaseKind, 'invalid'>
export const classifiedKinds = baseKinds.filter((kind): kind is ClassifiedKind => kind !== 'invalid')
export const notifiedKinds = baseKinds.filter((kind) => kindRules[kind].isNotified)
export const followedUpKinds = baseKinds.filter((kind) => kindRules[kind].isFollowedUp)

export const isBaseKind = (kind: string): kind is BaseKind => Object.hasOwn(kindRules, kind)
export const isNotifiedKind = (kind: OutcomeKind): boolean => !isBaseKind(kind) || kindRules[kind].isNotified

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
  kind: kindSchema,
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
