import { type CorrectedCheckout, canonicalCheckout } from '../backbone/checkout.ts'
import type { Correction } from '../backbone/correct-checkout.ts'
import { eventIdOfBody, eventIdOfKey } from '../backbone/event-id.ts'
import { header } from '../backbone/headers.ts'
import { homePartition, type Lane, laneOf } from '../backbone/partition.ts'
import { ProblemError } from '../backbone/problem.ts'
import type { IdempotencyWindow } from './idempotency-window.ts'
import type { CheckoutRecord, Stored } from './publish-checkout.ts'

/** The body of a 202, in the order of its fields. */
export interface Accepted {
  eventId: string
  status: 'accepted'
  partition: number
  offset: number
  lane: Lane
  corrections?: Correction[]
}

interface Submission {
  /** Whose idempotency key it is. */
  owner: string
  idempotencyKey: string | undefined
  traceparent: string | undefined
}

export type AcceptCheckout = (
  checkout: CorrectedCheckout,
  submission: Submission,
) => Promise<{ answer: Accepted; replayed: boolean }>

interface Dependencies {
  window: IdempotencyWindow<Accepted>
  publish: (record: CheckoutRecord) => Promise<Stored>
  /** Of DataTopic; undefined until Kafka has been asked. */
  partitions: () => number | undefined
}

/** Stores a checkout once for its idempotency key, or once for its body when it came without one. */
export function createAcceptCheckout({ window, publish, partitions }: Dependencies): AcceptCheckout {
  return ({ checkout, corrections }, { owner, idempotencyKey, traceparent }) => {
    const lane = laneOf(checkout)
    const value = canonicalCheckout(checkout)
    const fingerprint = eventIdOfBody(value)
    const keyed = idempotencyKey !== undefined
    const eventId = keyed
      ? eventIdOfKey({ owner, key: idempotencyKey, customer: checkout.id, lane })
      : fingerprint

    const store = async (): Promise<Accepted> => {
      const count = partitions()
      if (count === undefined) throw new ProblemError('kafka-unavailable')
      const stored = await publish({
        lane,
        partition: homePartition(checkout.id, lane, count),
        key: checkout.id,
        value,
        headers: {
          [header.eventId]: eventId,
          [header.receivedAt]: new Date().toISOString(),
          ...(traceparent === undefined ? {} : { [header.traceparent]: traceparent }),
          ...(corrections.length > 0 ? { [header.corrections]: JSON.stringify(corrections) } : {}),
        },
      })
      const answer: Accepted = { eventId, status: 'accepted', ...stored, lane }
      return corrections.length > 0 ? { ...answer, corrections } : answer
    }

    // A key is the same key for every customer and lane, so that its use for another of them is found out.
    return window.once(keyed ? JSON.stringify([owner, idempotencyKey]) : eventId, fingerprint, store)
  }
}
