import type { Fault } from './fault.ts'
import type { Outcome, OutcomeKind, Redrive } from './outcome.ts'

/** How the header `reason` of a dead letter begins, by code. docs/reference/http-api.md lists the codes. */
const reasonTexts = {
  'no-value': 'no value',
  'not-utf-8': 'not UTF-8',
  'not-json': 'not JSON',
  'invalid-checkout': 'invalid checkout',
  'idempotency-conflict': 'idempotency-conflict',
} as const

/** `other`: written by another program. */
export type DeadLetterReason = keyof typeof reasonTexts | 'other'
const knownReasons = Object.keys(reasonTexts) as (keyof typeof reasonTexts)[]
export const deadLetterReasons: readonly DeadLetterReason[] = [...knownReasons, 'other']

export const reasonOf = (text: string | undefined): DeadLetterReason =>
  knownReasons.find((reason) => text?.startsWith(reasonTexts[reason])) ?? 'other'

/** What became of a dead letter that was sent again. */
export interface Redriven extends Omit<Redrive, 'of'> {
  eventId: string
  kind: OutcomeKind
}

/** An item of `GET /dead-letters`. */
export interface DeadLetter {
  /** The event id of its `invalid` outcome. */
  id: string
  reason: DeadLetterReason
  /** The header `reason`; left out where it may have customer data that the client may not see. */
  detail?: string
  /** As its value would be answered if it was sent to a gateway; empty if it cannot be read. */
  faults: Fault[]
  /** Where its record was; null if its header does not say so. */
  source: { topic: string; partition: number; offset: number } | null
  /** Where it is in the dead-letter topic. */
  place: { partition: number; offset: number }
  owner: string
  receivedAt: string
  /** When it became a dead letter. */
  at: string
  /** Bytes of its value. */
  size: number
  /** Of its record, if that has a sampled trace: W3C Trace Context. */
  traceparent?: string
  /** If it was itself a dead letter that was sent again. */
  redrive?: Redrive
  redriven: Redriven | null
}

/** Bytes are text if they are UTF-8. */
export type Bytes = { text: string } | { base64: string }

/** The answer to `GET /dead-letters/{id}`. */
export interface DeadLetterDetails extends Omit<DeadLetter, 'redriven'> {
  redriven: (Redriven & { outcome: Outcome }) | null
  key?: Bytes | null
  payload?: Bytes | null
  /** What is left out because the client has not the scope `personal`. */
  withheld?: string[]
}
