import type { SeenOutcome } from './expected-outcome.ts'

const MAX_IN_GENERATION = 200_000
const GENERATION_MS = 60_000

interface Early {
  outcome: SeenOutcome
  at: number
}

/**
 * Outcomes of events that are not known yet, kept for one to two minutes. An outcome that is dropped too
 * early is looked up at the end. There are two generations, so that dropping costs nothing.
 */
export function createEarlyOutcomes() {
  let young = new Map<string, Early[]>()
  let old = new Map<string, Early[]>()
  let bornAt = 0

  function age(at: number) {
    if (young.size < MAX_IN_GENERATION && at - bornAt < GENERATION_MS) return
    old = young
    young = new Map()
    bornAt = at
  }

  return {
    add(outcome: SeenOutcome, at: number): void {
      age(at)
      const known = young.get(outcome.eventId)
      if (known) known.push({ outcome, at })
      else young.set(outcome.eventId, [{ outcome, at }])
    },
    take(eventId: string): Early[] {
      const found = [...(old.get(eventId) ?? []), ...(young.get(eventId) ?? [])]
      old.delete(eventId)
      young.delete(eventId)
      return found
    },
  }
}
