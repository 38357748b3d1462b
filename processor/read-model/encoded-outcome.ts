import type { Outcome } from '../../backbone/records/outcome.ts'
import type { TraceContext } from '../../backbone/tracing/trace-context.ts'
import { hashOf, type OutcomeRecord } from './record.ts'

/** An outcome with its JSON bytes, as in Notifications, in FollowUp and in every answer. */
export interface EncodedOutcome {
  outcome: Outcome
  owner: string
  json: Uint8Array
  /** Sampled. */
  trace: TraceContext | undefined
}

const utf8 = new TextDecoder()
const encoder = new TextEncoder()

export const encodeOutcome = (outcome: Outcome, owner: string, trace?: TraceContext): EncodedOutcome => ({
  outcome,
  owner,
  trace,
  // Buffer.from takes three times as long: it allocates outside the heap.
  json: encoder.encode(JSON.stringify(outcome)),
})

/** Parses an outcome that was validated when it was written or followed. */
export function parseOutcome(json: Uint8Array): Outcome {
  return JSON.parse(utf8.decode(json)) as Outcome
}

/** In milliseconds; undefined for a dead letter that was sent again, which was received before. */
export const receiptOf = (outcome: Pick<Outcome, 'receivedAt' | 'redrive'>): number | undefined =>
  outcome.redrive === undefined ? Date.parse(outcome.receivedAt) : undefined

/** What the read model needs of an outcome beside its JSON. */
interface KeptOutcome extends Pick<Outcome, 'eventId' | 'kind' | 'receivedAt' | 'classifiedAt' | 'redrive'> {
  checkout: { id: string; folio?: unknown } | null
}

/** The record of an outcome in the read model, at its offset in Notifications. */
export function toOutcomeRecord(
  { outcome, owner, json }: { outcome: KeptOutcome; owner: string; json: Uint8Array },
  partition: number,
  offset: number,
): OutcomeRecord {
  const { eventId, checkout, kind, classifiedAt } = outcome
  return {
    partition,
    offset,
    eventId,
    eventHash: hashOf(eventId),
    customer: checkout?.id ?? '',
    folio: typeof checkout?.folio === 'string' ? checkout.folio : '',
    owner,
    kind,
    receivedAt: receiptOf(outcome),
    classifiedAt: Date.parse(classifiedAt),
    json,
  }
}
