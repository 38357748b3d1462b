import { ProblemError } from '../../backbone/problem.ts'
import type { DeadLetterDetails, Redriven } from '../../backbone/records/dead-letter.ts'
import { conflictIdOf, eventIdOfRedrive } from '../../backbone/records/event-id.ts'
import { header, ownerHeader, receivedBy } from '../../backbone/records/headers.ts'
import { laneOf } from '../../backbone/records/partition.ts'
import { traceContextOf, traceHeaders } from '../../backbone/tracing/trace-context.ts'
import type { Accepted, CheckoutMetrics } from '../checkout/accept-checkout.ts'
import type { IdempotencyWindow } from '../checkout/idempotency-window.ts'
import { checkoutFrom, type SubmittedCheckout } from '../checkout/read-checkout.ts'
import type { Admission } from '../overload/admission.ts'
import type { CheckoutRecord, Stored } from '../publish/checkout-record.ts'
import { areSameCheckout } from './letter-checkout.ts'
import type { Asking, DeadLetterReads } from './read-dead-letters.ts'

/** The answer for one dead letter. */
export interface RedriveAnswer extends Omit<Accepted, 'status'> {
  /** Id of the dead letter. */
  id: string
  status: 'accepted' | 'classified'
  /** What became of it; absent until it is classified. */
  redriven?: Redriven
}

export interface RedriveRequest extends Asking {
  /** Who sends it again: the id of an API key. */
  by: string
  lenient: boolean
  /** How long to wait for the outcome. */
  waitSeconds: () => number
}

export type Redrive = (
  id: string,
  /** The checkout to send. Throws if there is none in the dead letter. */
  edit: (letter: DeadLetterDetails) => unknown,
  asked: RedriveRequest,
) => Promise<{ answer: RedriveAnswer; replayed: boolean }>

interface Dependencies {
  /** Name of this gateway in the records. */
  gateway: string
  reads: DeadLetterReads
  admission: Admission
  window: IdempotencyWindow<Accepted>
  publish: (record: CheckoutRecord) => Promise<Stored>
  /** Whether the partitions of DataTopic are known. */
  knowsPartitions: () => boolean
  metrics: CheckoutMetrics
  /** Called for each one that was stored. */
  onRedriven: (done: { deadLetter: string; eventId: string; by: string; requestId: string }) => void
}

type Outcome = NonNullable<DeadLetterDetails['redriven']>

/**
 * Sends a dead letter again. Its event id depends on the dead letter alone, and its partition on where the record
 * was: whatever is sent, at any gateway, one owner decides on it, and the first body has the outcome.
 */
export function createRedrive(dependencies: Dependencies): Redrive {
  const { reads, window, onRedriven } = dependencies
  const publishLetter = createLetterPublisher(dependencies)

  return async (id, edit, asked) => {
    const letter = await reads.find(asked, id)
    if (letter.redriven) return replay(letter, letter.redriven, edit)
    const submitted = checkoutFrom(edit(letter), asked.lenient)
    const { checkout, fingerprint, notes } = submitted
    const event = {
      eventId: redriveEventOf(letter),
      fingerprint,
      owner: letter.owner,
      customer: checkout.id,
      key: undefined,
    }
    const isDisconnected = () => asked.request.signal.aborted
    const { answer: accepted, replayed } = await window
      .once(event, isDisconnected, (allDisconnected) =>
        publishLetter(letter, submitted, asked, allDisconnected),
      )
      .catch(async (error: unknown) => {
        if (!(error instanceof ProblemError && error.code === 'idempotency-key-reused')) throw error
        throw alreadyRedriven((await reads.find(asked, id, asked.waitSeconds())).redriven)
      })
    if (!replayed)
      onRedriven({ deadLetter: id, eventId: event.eventId, by: asked.by, requestId: asked.requestId })

    const answer: RedriveAnswer = { id, ...accepted, ...notes }
    const outcome = await outcomeWithin(id, asked)
    if (outcome === undefined) return { answer, replayed }
    if (!areSameCheckout(outcome.outcome.checkout, checkout))
      throw alreadyRedriven(outcome, conflictIdOf(accepted.eventId, accepted.offset))
    return { answer: { ...answer, status: 'classified', redriven: withoutOutcome(outcome) }, replayed }
  }

  async function outcomeWithin(id: string, asked: RedriveRequest): Promise<Outcome | undefined> {
    const seconds = asked.waitSeconds()
    if (seconds === 0) return undefined
    // It is stored: the client must learn that, also if no processor answers.
    const letter = await reads.find(asked, id, seconds).catch(() => undefined)
    return letter?.redriven ?? undefined
  }
}

function createLetterPublisher({ gateway, admission, publish, knowsPartitions, metrics }: Dependencies) {
  return async (
    letter: DeadLetterDetails,
    { checkout, value, corrections }: SubmittedCheckout,
    { by, requestId, trace }: RedriveRequest,
    isDisconnected: () => boolean,
  ): Promise<Accepted> => {
    if (!knowsPartitions()) throw new ProblemError('kafka-unavailable')
    const lane = laneOf(checkout)
    const eventId = redriveEventOf(letter)
    const follows = traceContextOf(letter.traceparent, () => undefined)
    const stored = await admission.publish(lane, () =>
      publish({
        lane,
        since: Date.now(),
        isDisconnected,
        // Not the customer's: an edited customer would have another owner, who does not know the first body.
        partitionAmong: (partitions) => placeOf(letter).partition % partitions,
        key: checkout.id,
        ...(follows ? { follows } : {}),
        value,
        headers: {
          [header.eventId]: eventId,
          [header.receivedAt]: letter.receivedAt,
          [header.receivedBy]: receivedBy({ gateway, requestId }),
          ...ownerHeader(letter.owner),
          [header.redriveOf]: letter.id,
          [header.redriveBy]: by,
          [header.redriveAt]: new Date().toISOString(),
          ...traceHeaders(trace),
          ...(corrections.length > 0 ? { [header.corrections]: JSON.stringify(corrections) } : {}),
        },
      }),
    )
    metrics.stored(lane, corrections)
    const answer: Accepted = { eventId, status: 'accepted', ...stored, lane }
    return corrections.length > 0 ? { ...answer, corrections } : answer
  }
}

const placeOf = ({ source, place }: Pick<DeadLetterDetails, 'source' | 'place'>) => source ?? place

const redriveEventOf = (letter: DeadLetterDetails): string =>
  eventIdOfRedrive(letter.id, placeOf(letter).partition)

/** It has its outcome already: nothing is stored. Throws `already-redriven` for another body. */
function replay(
  letter: DeadLetterDetails,
  redriven: Outcome,
  edit: (letter: DeadLetterDetails) => unknown,
): Awaited<ReturnType<Redrive>> {
  const { eventId, outcome } = redriven
  const { checkout, source } = outcome
  if (checkout === null || !areSameCheckout(sentWith(letter, edit), checkout)) throw alreadyRedriven(redriven)
  const { partition, offset } = source
  const lane = laneOf({ taps: checkout.taps, folio: checkout.folio })
  return {
    answer: {
      id: letter.id,
      eventId,
      status: 'classified',
      partition,
      offset,
      lane,
      redriven: withoutOutcome(redriven),
    },
    replayed: true,
  }
}

function sentWith(letter: DeadLetterDetails, edit: (letter: DeadLetterDetails) => unknown): unknown {
  try {
    return edit(letter)
  } catch {
    return undefined
  }
}

const withoutOutcome = ({ eventId, kind, by, at }: Outcome): Redriven => ({ eventId, kind, by, at })

function alreadyRedriven(redriven: Redriven | null, conflict?: string): ProblemError {
  const which = redriven
    ? `${redriven.by} sent it again at ${redriven.at}: see event ${redriven.eventId}`
    : 'It was sent again a moment ago'
  const detail = conflict === undefined ? which : `${which}. This body is the dead letter ${conflict}`
  return new ProblemError('already-redriven', { detail })
}
