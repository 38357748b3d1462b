import type { Identity } from '../backbone/access/identity.ts'
import { mayKnow } from '../backbone/access/may-know.ts'
import { ProblemError } from '../backbone/problem.ts'
import { createRecentMap } from './recent-map.ts'

/** What is asked for once. */
interface Submitted {
  key: string
  /** Of the body: a key stands for one. */
  fingerprint: string
  owner: string
  customer: string
}

interface InFlight<Answer> {
  fingerprint: string
  answer: Promise<Answer>
  waiting: Gone[]
}

/** Whether a client has left. */
type Gone = () => boolean

type Remembered<Answer> = Submitted & { answer: Answer }

export interface IdempotencyWindow<Answer> {
  /**
   * Does the work once for a key; whoever comes with the same key, meanwhile or later, gets the same answer. The work is told
   * whether all who wait for it have gone.
   */
  once: (
    submitted: Submitted,
    gone: Gone,
    work: (gone: Gone) => Promise<Answer>,
  ) => Promise<{ answer: Answer; replayed: boolean }>
  /** Whether a repetition under this key needs no work. */
  knows: (key: string) => boolean
  /** Whether this event's answer is still remembered, and is this one's to know. */
  accepted: (eventId: string, identity: Pick<Identity, 'owner' | 'readsAll' | 'customer'>) => boolean
}

/**
 * Remembers the last answers, `max` at most. What is in flight is kept aside, where the bound cannot drop it: the publisher's
 * queue bounds that. Work that fails is forgotten, so that a retry can succeed.
 */
export function createIdempotencyWindow<Answer extends { eventId: string }>(
  max: number,
): IdempotencyWindow<Answer> {
  const inFlight = new Map<string, InFlight<Answer>>()
  const answered = createRecentMap<Remembered<Answer>>(max)
  const byEventId = createRecentMap<Remembered<Answer>>(max)

  async function start(submitted: Submitted, gone: Gone, work: (gone: Gone) => Promise<Answer>) {
    const { key, fingerprint } = submitted
    const waiting = [gone]
    const promise = work(() => waiting.every((hasGone) => hasGone()))
    inFlight.set(key, { fingerprint, answer: promise, waiting })
    try {
      const answer = await promise
      const remembered = { ...submitted, answer }
      answered.set(key, remembered)
      byEventId.set(answer.eventId, remembered)
      return answer
    } finally {
      inFlight.delete(key)
    }
  }

  return {
    async once(submitted, gone, work) {
      const known = inFlight.get(submitted.key) ?? answered.get(submitted.key)
      if (known === undefined) return { answer: await start(submitted, gone, work), replayed: false }
      if (known.fingerprint !== submitted.fingerprint) throw new ProblemError('idempotency-key-reused')
      if ('waiting' in known) known.waiting.push(gone)
      return { answer: await known.answer, replayed: true }
    },
    knows: (key) => inFlight.has(key) || answered.get(key) !== undefined,
    accepted(eventId, identity) {
      const known = byEventId.get(eventId)
      return known !== undefined && mayKnow(identity, known.owner, () => known.customer)
    },
  }
}
