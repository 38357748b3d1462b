import type { Correction } from '../records/correct-checkout.ts'
import type { OutcomeKind, ServedOutcome } from '../records/outcome.ts'
import type { Warning } from '../records/warning.ts'

/** Where a step of a timeline happened; what is not known is absent. */
export interface StepPlace {
  /** A gateway or processor: INSTANCE, or role and process id. */
  process?: string
  topic?: string
  partition?: number
  offset?: number
}

interface Step {
  /** Null if it is not known. Clocks of two processes may differ. */
  at: string | null
  where: StepPlace
}

/**
 * Whom an outcome was sent to. `customer`: with a credential for this customer. `for-customer`: with another one, which
 * asked for this customer or event, such as the store's backend. `reader`: an operator, or a reader of all customers.
 */
export const recipients = ['customer', 'for-customer', 'reader'] as const
export type Recipient = (typeof recipients)[number]

/**
 * A processor has sent the outcome for the first time: on a stream, or in an answer. Whether it arrived, and whether a
 * person saw it, is not known.
 */
export type DeliveryStep = Step & { what: 'streamed' | 'read'; at: string; to: Recipient }

export const isDelivery = (step: TimelineStep): step is DeliveryStep =>
  step.what === 'streamed' || step.what === 'read'

/** From when on all deliveries are remembered: those about one customer, and those to readers. */
export interface RememberedSince {
  customers: string
  readers: string
}

/** One step in the life of a checkout. The codes of `what` are stable; more may be added. */
export type TimelineStep = DeliveryStep | CheckoutStep

type CheckoutStep = Step &
  (
    | { what: 'received'; requestId?: string }
    /** Instead of `received`: a dead letter was sent again. `of`: its id; `by`: the id of an API key. */
    | { what: 'redriven'; requestId?: string; of: string; by: string }
    | { what: 'corrected'; corrections: Correction[] }
    | { what: 'warned'; warnings: Warning[] }
    /** `directly`: by another program than a gateway. */
    | { what: 'stored'; directly?: true }
    /** The partition got a new owner between `stored` and `classified`. */
    | { what: 'claimed'; run: string }
    /** `run`: of the processor, another one after each start of it. */
    | { what: 'classified'; kind: OutcomeKind; run?: string }
    /** `conflictsWith`: the event whose id was used again with another body. */
    | { what: 'dead-letter'; reason: string; conflictsWith?: string }
    /** `eventId`: the event that the dead letter became; `by`: the id of an API key. */
    | { what: 'sent-again'; eventId: string; by: string }
    | { what: 'repeated'; requestId?: string }
    /** `eventId`: the outcome of the other body. */
    | { what: 'conflict'; requestId?: string; eventId: string }
  )

/**
 * `record-removed`: by retention. `claim-removed`: the owner's claim. `too-late`: not read in time.
 * `deliveries-forgotten`: a processor does not remember what it sent that long ago. `processor-silent`: it did not tell
 * what it sent.
 */
export const incompleteReasons = [
  'record-removed',
  'claim-removed',
  'kafka-unavailable',
  'too-late',
  'deliveries-forgotten',
  'processor-silent',
] as const

/** Something that a timeline cannot tell. */
export interface Incomplete {
  reason: (typeof incompleteReasons)[number]
  /** The steps that may be missing, or lack a part. */
  what: TimelineStep['what'][]
  detail: string
}

/** Where repetitions and conflicts were looked for: from offset `from` of DataTopic, before `to`. */
export interface SearchedRange {
  partition: number
  from: number
  to: number
  /** There were no more records then. */
  end: boolean
}

/** The life of one checkout: `GET /checkouts/{eventId}/timeline`. */
export interface Timeline {
  eventId: string
  /** `accepted`: stored, but not classified yet. */
  status: 'classified' | 'accepted'
  /** Absent while it is only accepted. */
  outcome?: ServedOutcome
  /** In the order in which they happened. */
  steps: TimelineStep[]
  /** Absent where there can be no repetition, and where nothing was read. */
  searched?: SearchedRange
  /** Absent while it is only accepted, and if no processor told it. */
  deliveriesSince?: RememberedSince
  /** Empty: nothing is missing. */
  incomplete: Incomplete[]
}
