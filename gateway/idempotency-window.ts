import { LRUCache } from 'lru-cache'
import { ProblemError } from '../backbone/problem.ts'

interface Remembered<Answer> {
  fingerprint: string
  answer: Answer
}

export interface IdempotencyWindow<Answer> {
  /** Does the work once for a key; whoever comes with the same key, meanwhile or later, gets the same answer. */
  once: (
    key: string,
    fingerprint: string,
    work: () => Promise<Answer>,
  ) => Promise<{ answer: Answer; replayed: boolean }>
  /** Whether this event's answer is still remembered. */
  accepted: (eventId: string) => boolean
}

/**
 * Remembers the last `max` answers. What is in flight is kept aside, where the bound cannot drop it: the publisher's
 * queue bounds that. Work that fails is forgotten, so that a retry can succeed.
 */
export function createIdempotencyWindow<Answer extends { eventId: string }>(
  max: number,
): IdempotencyWindow<Answer> {
  const inFlight = new Map<string, Remembered<Promise<Answer>>>()
  // Of those that came with a key; the others are under their event id anyway.
  const keyedEventIds = new Set<string>()
  const answered = new LRUCache<string, Remembered<Answer>>({
    max,
    dispose: ({ answer }) => keyedEventIds.delete(answer.eventId),
  })

  async function start(key: string, fingerprint: string, work: () => Promise<Answer>) {
    const promise = work()
    inFlight.set(key, { fingerprint, answer: promise })
    try {
      const answer = await promise
      answered.set(key, { fingerprint, answer })
      if (key !== answer.eventId) keyedEventIds.add(answer.eventId)
      return answer
    } finally {
      inFlight.delete(key)
    }
  }

  return {
    async once(key, fingerprint, work) {
      const known = inFlight.get(key) ?? answered.get(key)
      if (known === undefined) return { answer: await start(key, fingerprint, work), replayed: false }
      if (known.fingerprint !== fingerprint) throw new ProblemError('idempotency-key-reused')
      return { answer: await known.answer, replayed: true }
    },
    accepted: (eventId) => answered.has(eventId) || keyedEventIds.has(eventId),
  }
}
