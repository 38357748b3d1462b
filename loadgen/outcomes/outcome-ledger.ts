import type { Outcomes } from '../run-result.ts'
import type { Place } from '../sending/samples.ts'
import { createEarlyOutcomes } from './early-outcomes.ts'
import type { Expectation, SeenOutcome } from './expected-outcome.ts'
import { createIdSet } from './id-set.ts'

const MAX_EXAMPLES = 5

/** An accepted checkout. Times are of `now()`. */
export interface Acceptance extends Place {
  eventId: string
  sentAt: number
  dueAt: number
  expected: Expectation
}

export type OutcomeFault = 'lost' | 'duplicated' | 'wrongKind' | 'wrongText'

interface LedgerEvents {
  /** The first outcome of an accepted checkout, from the stream. */
  onOutcome: (acceptance: Acceptance, outcome: SeenOutcome, at: number) => void
  onWrong: (acceptance: Acceptance) => void
  /** The slice of a duplicated outcome is no longer known. */
  onDuplicated: () => void
}

/**
 * Compares accepted checkouts with their outcomes. An outcome may arrive before its checkout is reported as
 * accepted, and the stream contains events of other users, so unknown events are kept for a while. After its
 * first outcome only the id of an event is kept, to detect a second one.
 */
export function createOutcomeLedger({ onOutcome, onWrong, onDuplicated }: LedgerEvents) {
  const pending = new Map<string, Acceptance>()
  const lost: Acceptance[] = []
  const early = createEarlyOutcomes()
  const finished = createIdSet()
  const doubled = createIdSet()
  const counts = { accepted: 0, wrongKind: 0, wrongText: 0, lookedUp: 0, sharedIds: 0 }
  const examples: Outcomes['examples'] = { lost: [], duplicated: [], wrongKind: [], wrongText: [] }

  const example = (fault: OutcomeFault, eventId: string) => {
    if (examples[fault].length < MAX_EXAMPLES) examples[fault].push(eventId)
  }

  function finish(acceptance: Acceptance, { eventId, kind, textHash }: SeenOutcome) {
    pending.delete(eventId)
    finished.add(eventId)
    const { expected } = acceptance
    const fault =
      kind !== expected.kind ? 'wrongKind' : textHash !== expected.textHash ? 'wrongText' : undefined
    if (!fault) return
    counts[fault]++
    example(fault, eventId)
    onWrong(acceptance)
  }

  function observe(outcome: SeenOutcome, at: number) {
    const { eventId } = outcome
    const acceptance = pending.get(eventId)
    if (acceptance) {
      finish(acceptance, outcome)
      onOutcome(acceptance, outcome, at)
    } else if (finished.has(eventId)) {
      if (doubled.has(eventId)) return
      doubled.add(eventId)
      example('duplicated', eventId)
      onDuplicated()
    } else early.add(outcome, at)
  }

  return {
    observe,
    accepted(acceptance: Acceptance) {
      const { eventId } = acceptance
      counts.accepted++
      if (pending.has(eventId) || finished.has(eventId)) {
        counts.sharedIds++
        example('lost', eventId)
        return
      }
      pending.set(eventId, acceptance)
      for (const { outcome, at } of early.take(eventId)) observe(outcome, at)
    },
    /** Found by a look-up, after the stream had failed to deliver it. */
    foundByLookUp: (outcome: SeenOutcome): void => {
      const acceptance = pending.get(outcome.eventId)
      if (!acceptance) return
      counts.lookedUp++
      finish(acceptance, outcome)
    },
    /** Its time is over, and a look-up found no outcome. */
    declareLost(eventId: string): void {
      const acceptance = pending.get(eventId)
      if (!acceptance) return
      pending.delete(eventId)
      lost.push(acceptance)
      example('lost', eventId)
    },
    outstanding: () => pending.size,
    pending: () => pending.values(),
    lost: (): Iterable<Acceptance> => lost,
    duplicated: () => doubled.size(),
    /** Outstanding checkouts count as unknown. */
    outcomes(): Omit<Outcomes, 'stream'> {
      const { sharedIds, ...rest } = counts
      const withoutOutcome = lost.length + sharedIds
      const unknown = pending.size
      const duplicated = doubled.size()
      return {
        ...rest,
        lost: withoutOutcome,
        unknown,
        duplicated,
        single: counts.accepted - withoutOutcome - unknown - duplicated,
        examples,
      }
    },
  }
}

export type OutcomeLedger = ReturnType<typeof createOutcomeLedger>
