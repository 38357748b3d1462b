import { addGroups, addTo, increase, increaseOfGroups } from './counts.ts'
import type { Totals } from './system-state.ts'
import type { OnFigures } from './track-members.ts'

/**
 * Adds up what each run has counted since the first of its figures that are known; all of it if the run started later
 * than that. Lost records change nothing: the next one has their counts, too.
 */
export function countTotals() {
  const totals: Totals = { answers: {}, outcomes: {} }
  const count: OnFigures = (now, before, { countedFromZero }) => {
    const base = before ?? (countedFromZero ? undefined : now)
    addGroups(totals.answers, increaseOfGroups(now.gateway?.answers ?? {}, base?.gateway?.answers))
    addTo(totals.outcomes, increase(now.processor?.outcomes ?? {}, base?.processor?.outcomes))
  }
  return { count, totals: (): Totals => structuredClone(totals) }
}
