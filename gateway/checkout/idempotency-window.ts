import type { Identity } from '../../backbone/access/identity.ts'
import { mayKnow } from '../../backbone/access/may-know.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { createRecentMap } from './bounded-map.ts'
import { ShortLivedMap } from './short-lived-map.ts'
import { createUsedKeys } from './used-keys.ts'

/** An event to store once. */
interface Submitted {
  /** Identifies the event, here and in the processor. */
  eventId: string
  /** Fingerprint of the body: an event has only one. */
  fingerprint: string
  owner: string
  customer: string
  /** Recognises a repetition before its body is read. */
  key: string | undefined
}

interface InFlight<Answer> {
  fingerprint: string
  answer: Promise<Answer>
  waiting: IsDisconnected[]
}

/** Whether a client has disconnected. */
type IsDisconnected = () => boolean

/** The part of an event that is kept after its answer; its key is remembered elsewhere. */
type Remembered<Answer> = Pick<Submitted, 'fingerprint' | 'owner' | 'customer'> & { answer: Answer }

export interface IdempotencyWindow<Answer> {
  /**
   * Runs the work once for an event. Every request of this event, concurrent or later, gets the same answer.
   * The work can ask whether all waiting clients have disconnected. Rejects with `idempotency-key-reused` if
   * the event has another body.
   */
  once: (
    submitted: Submitted,
    isDisconnected: IsDisconnected,
    work: (areDisconnected: IsDisconnected) => Promise<Answer>,
  ) => Promise<{ answer: Answer; replayed: boolean }>
  /** Registers the key of a batch of events. Call the result when all have ended, with whether any was stored. */
  use: (key: string) => (stored: boolean) => void
  /** Whether this key was used to store anything, or is being used: a request with it may be a repetition. */
  hasUsed: (key: string) => boolean
  /** This event's answer, while it is remembered, and if this identity may read it. */
  accepted: (
    eventId: string,
    identity: Pick<Identity, 'owner' | 'readsAll' | 'customer'>,
  ) => Answer | undefined
}

/**
 * Remembers the last answers, at most `max`. Events in flight are kept separately, not subject to that limit:
 * the publisher's queue limits them. Failed work is forgotten, so that a retry can succeed.
 */
export function createIdempotencyWindow<Answer>(max: number): IdempotencyWindow<Answer> {
  const inFlight = new ShortLivedMap<string, InFlight<Answer>>()
  const answered = createRecentMap<Remembered<Answer>>(max)
  const usedKeys = createUsedKeys(max)

  async function start(
    { eventId, key, fingerprint, owner, customer }: Submitted,
    isDisconnected: IsDisconnected,
    work: (areDisconnected: IsDisconnected) => Promise<Answer>,
  ) {
    const waiting = [isDisconnected]
    const promise = work(() => waiting.every((disconnected) => disconnected()))
    inFlight.set(eventId, { fingerprint, answer: promise, waiting })
    const endUse = key === undefined ? undefined : usedKeys.begin(key)
    let succeeded = false
    try {
      const answer = await promise
      answered.set(eventId, { fingerprint, owner, customer, answer })
      succeeded = true
      return answer
    } finally {
      inFlight.delete(eventId)
      endUse?.(succeeded)
    }
  }

  return {
    async once(submitted, isDisconnected, work) {
      const known = inFlight.get(submitted.eventId) ?? answered.get(submitted.eventId)
      if (known === undefined)
        return { answer: await start(submitted, isDisconnected, work), replayed: false }
      if (known.fingerprint !== submitted.fingerprint) throw new ProblemError('idempotency-key-reused')
      if ('waiting' in known) known.waiting.push(isDisconnected)
      return { answer: await known.answer, replayed: true }
    },
    use: usedKeys.begin,
    hasUsed: usedKeys.has,
    accepted(eventId, identity) {
      const known = answered.get(eventId)
      return known && mayKnow(identity, known.owner, () => known.customer) ? known.answer : undefined
    },
  }
}
