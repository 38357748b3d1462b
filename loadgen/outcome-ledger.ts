import type { Checkout } from '../backbone/checkout.ts'
import type { Outcome } from '../backbone/outcome.ts'
import { expectedOutcome } from './expected-outcome.ts'
import { createIdSet } from './id-set.ts'

const MAX_EXAMPLES = 5

export interface Acceptance {
  checkout: Checkout
  /** Times are of `performance.now()`. */
  sentAt: number
  dueAt: number
}

export interface Verdict {
  accepted: number
  /** Events with one outcome and no more, whatever it says. */
  single: number
  missing: number
  doubled: number
  wrongKind: number
  wrongText: number
  /** Part of `single`: it had to be looked up, the stream did not bring it. */
  lookedUp: number
  /** The first few event ids of each fault, to start looking at. */
  examples: Record<Fault, string[]>
}

type Fault = 'missing' | 'doubled' | 'wrongKind' | 'wrongText'

/**
 * Holds every accepted checkout against the outcomes that come. An outcome may come before the POST's answer, and the
 * stream carries other users' events: `sending` says for which customers it is worth remembering one. Once an event
 * has its outcome, no more than its id is kept, to notice a second.
 */
export function createOutcomeLedger(
  onOutcome: (acceptance: Acceptance, outcome: Outcome, at: number) => void,
) {
  const pending = new Map<string, Acceptance>()
  const inFlight = new Map<string, { requests: number; early: { outcome: Outcome; at: number }[] }>()
  const finished = createIdSet()
  const doubled = createIdSet()
  let accepted = 0
  let wrongKind = 0
  let wrongText = 0
  let lookedUp = 0
  let sharedIds = 0
  const examples: Record<Fault, string[]> = { missing: [], doubled: [], wrongKind: [], wrongText: [] }

  const example = (fault: Fault, eventId: string) => {
    if (examples[fault].length < MAX_EXAMPLES) examples[fault].push(eventId)
  }

  function finish(acceptance: Acceptance, outcome: Outcome) {
    const { eventId, kind, message } = outcome
    pending.delete(eventId)
    finished.add(eventId)
    const expected = expectedOutcome(acceptance.checkout)
    if (kind !== expected.kind) {
      wrongKind++
      example('wrongKind', eventId)
    } else if (message !== expected.message) {
      wrongText++
      example('wrongText', eventId)
    }
  }

  function observe(outcome: Outcome, at: number) {
    const { eventId, checkout } = outcome
    const acceptance = pending.get(eventId)
    if (acceptance) {
      finish(acceptance, outcome)
      onOutcome(acceptance, outcome, at)
    } else if (finished.has(eventId)) {
      if (!doubled.has(eventId)) example('doubled', eventId)
      doubled.add(eventId)
    } else if (checkout) {
      inFlight.get(checkout.id)?.early.push({ outcome, at })
    }
  }

  return {
    observe,
    sending(customer: string) {
      const entry = inFlight.get(customer) ?? { requests: 0, early: [] }
      entry.requests++
      inFlight.set(customer, entry)
    },
    /** The POST has ended: with an event id when it was accepted. */
    answered(eventId: string | undefined, acceptance: Acceptance) {
      const customer = acceptance.checkout.id
      if (eventId !== undefined) {
        accepted++
        if (pending.has(eventId) || finished.has(eventId)) {
          sharedIds++
          example('missing', eventId)
        } else pending.set(eventId, acceptance)
      }
      const entry = inFlight.get(customer)
      if (!entry) return
      entry.requests--
      if (entry.requests === 0) inFlight.delete(customer)
      for (const { outcome, at } of entry.early.splice(0)) observe(outcome, at)
    },
    /** Found by asking for it, after the stream was given up. */
    foundByLookUp(outcome: Outcome) {
      const acceptance = pending.get(outcome.eventId)
      if (!acceptance) return
      lookedUp++
      finish(acceptance, outcome)
    },
    outstanding: () => pending.size,
    outstandingIds: () => [...pending.keys()],
    verdict(): Verdict {
      const missing = pending.size + sharedIds
      const counts = { accepted, missing, doubled: doubled.size(), wrongKind, wrongText, lookedUp }
      return {
        ...counts,
        single: accepted - missing - doubled.size(),
        examples: { ...examples, missing: [...examples.missing, ...pending.keys()].slice(0, MAX_EXAMPLES) },
      }
    },
  }
}

export type OutcomeLedger = ReturnType<typeof createOutcomeLedger>

/** Whether all that was accepted came out once and right. */
export function isProven({ missing, doubled, wrongKind, wrongText }: Verdict): boolean {
  return missing + doubled + wrongKind + wrongText === 0
}
