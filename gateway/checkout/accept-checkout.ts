import { ANONYMOUS, type Identity } from '../../backbone/access/identity.ts'
import { assertCustomer } from '../../backbone/access/may-know.ts'
import { ProblemError } from '../../backbone/problem.ts'
import type { Correction } from '../../backbone/records/correct-checkout.ts'
import { eventIdOfKey, eventIdOfOwnersBody } from '../../backbone/records/event-id.ts'
import type { Fault } from '../../backbone/records/fault.ts'
import { header, ownerHeader, receivedBy } from '../../backbone/records/headers.ts'
import { homePartition, type Lane, laneOf } from '../../backbone/records/partition.ts'
import type { Warning } from '../../backbone/records/warning.ts'
import { type TraceContext, traceHeaders } from '../../backbone/tracing/trace-context.ts'
import type { Admission } from '../overload/admission.ts'
import type { CheckoutRecord, Stored } from '../publish/checkout-record.ts'
import type { IdempotencyWindow } from './idempotency-window.ts'
import type { SubmittedCheckout } from './read-checkout.ts'

/** The body of a 202, with its fields in this order. */
export interface Accepted {
  eventId: string
  status: 'accepted'
  partition: number
  offset: number
  lane: Lane
  corrections?: Correction[]
  faults?: Fault[]
  warnings?: Warning[]
}

/** What is known of a POST before its body is read. */
export interface Submission {
  identity: Pick<Identity, 'owner' | 'customer'>
  requestId: string
  /** When its client first tried, in milliseconds since the epoch. */
  since: number
  /** Whether its client has disconnected. */
  isDisconnected: () => boolean
  idempotencyKey: string | undefined
  trace: TraceContext | undefined
}

export type AcceptCheckout = (
  checkout: SubmittedCheckout,
  submission: Submission,
) => Promise<{ answer: Accepted; replayed: boolean }>

export interface CheckoutMetrics {
  /** Called for each stored checkout, not for replayed answers. */
  stored: (lane: Lane, corrections: readonly Correction[]) => void
}

interface Dependencies {
  /** Name of this gateway in the records. */
  gateway: string
  admission: Admission
  window: IdempotencyWindow<Accepted>
  publish: (record: CheckoutRecord) => Promise<Stored>
  /** Whether the partitions of DataTopic are known. */
  knowsPartitions: () => boolean
  metrics: CheckoutMetrics
}

/** Stores a checkout once for its idempotency key, or once for its body if it has no key. */
export function createAcceptCheckout(dependencies: Dependencies): AcceptCheckout {
  const { gateway, admission, window, publish, knowsPartitions, metrics } = dependencies
  return async ({ checkout, value, fingerprint, corrections, notes }, submission) => {
    const { identity, requestId, since, isDisconnected, idempotencyKey, trace } = submission
    const { owner } = identity
    assertCustomer(identity, checkout.id)
    const lane = laneOf(checkout)
    const eventId =
      idempotencyKey !== undefined
        ? eventIdOfKey({ owner, key: idempotencyKey, customer: checkout.id, lane })
        : owner === ANONYMOUS
          ? fingerprint
          : eventIdOfOwnersBody(owner, value)

    const store = async (allDisconnected: () => boolean): Promise<Accepted> => {
      if (!knowsPartitions()) throw new ProblemError('kafka-unavailable')
      const stored = await admission.publish(lane, () =>
        publish({
          lane,
          since,
          isDisconnected: allDisconnected,
          partitionAmong: (partitions) => homePartition(checkout.id, lane, partitions),
          key: checkout.id,
          value,
          headers: {
            [header.eventId]: eventId,
            [header.receivedAt]: new Date().toISOString(),
            [header.receivedBy]: receivedBy({ gateway, requestId }),
            ...ownerHeader(owner),
            ...traceHeaders(trace),
            ...(corrections.length > 0 ? { [header.corrections]: JSON.stringify(corrections) } : {}),
            ...warningsHeader(notes.warnings),
          },
        }),
      )
      metrics.stored(lane, corrections)
      const answer: Accepted = { eventId, status: 'accepted', ...stored, lane }
      return corrections.length > 0 ? { ...answer, corrections } : answer
    }

    const key = usedKeyOf(submission)
    const submitted = { eventId, fingerprint, owner, customer: checkout.id, key }
    const { answer, replayed } = await window.once(submitted, isDisconnected, store)
    // The notes belong to this request and are not remembered: repetitions of one event may differ in fields
    // that are not stored.
    return { answer: { ...answer, ...notes }, replayed }
  }
}

// A field's name is as long as its sender likes, and a record may have 1 MiB.
const LONGEST_POINTER = 200

function warningsHeader(warnings: readonly Warning[] = []): Record<string, string> {
  const stored = warnings.filter(({ pointer }) => pointer.length <= LONGEST_POINTER)
  return stored.length > 0 ? { [header.warnings]: JSON.stringify(stored) } : {}
}

/**
 * The key of a submission in the window. For a credential of one customer it includes the customer, so that a
 * rejection does not reveal the keys of others.
 */
export function usedKeyOf({ identity, idempotencyKey }: Submission): string | undefined {
  if (idempotencyKey === undefined) return undefined
  return JSON.stringify([identity.owner, identity.customer ?? null, idempotencyKey])
}
