import {
  candidatesTested,
  chanceOf,
  LEAST_EXPOSED_BEFORE,
  LEVEL,
  LEVEL_OF_RECENT,
  type Periods,
} from '../../processor/insights/find-causes.ts'
import { unstratified } from '../../processor/insights/mantel-haenszel.ts'
import { chanceOfAssociation, chanceOfChange } from '../../processor/insights/tail-bound.ts'
import { createStore, type StoreOptions } from '../../processor/insights/testing/generate-purchases.ts'
import { watchStore } from '../../processor/insights/testing/watch-store.ts'
import type { Candidate } from '../../processor/insights/traits.ts'

const BEGINNING = Date.parse('2026-11-01T03:00:00Z')
const MINUTE_MS = 60_000
const DAY = 1_440
/** Greater levels are of no interest, and cost a pass over all purchases for many candidates. */
const MOST = 0.2

interface Least {
  level: number
  /** What would be named then. */
  candidate: Candidate | undefined
}

/**
 * The smallest level at which each day would have a cause, if asked about each minute; at most {@link MOST}. That of the
 * last minutes is always the same part of it.
 */
export function* levelsOfDays(store: Omit<StoreOptions, 'seed'>, seed: number): Generator<Least> {
  const generated = createStore({ ...store, seed })
  const watch = watchStore('America/Santiago', seed)
  const none: Least = { level: MOST, candidate: undefined }
  let least = none
  for (let minute = 0; ; minute++) {
    watch.add(generated.minute(BEGINNING + minute * MINUTE_MS))
    // The last day needs two days: its own and the one before.
    if (minute < 2 * DAY) continue
    for (const { now, recent, before } of watch.periods()) {
      least = leastOf({ now, before }, 1, least)
      if (recent) least = leastOf({ now: recent, before }, LEVEL / LEVEL_OF_RECENT, least)
    }
    if (minute % DAY < DAY - 1) continue
    yield least
    least = none
  }
}

/** The smallest level at which `findCauses` names something, if it is smaller. Above it, nothing is computed. */
function leastOf({ now, before }: Pick<Periods, 'now' | 'before'>, times: number, known: Least): Least {
  const tested = candidatesTested(now)
  if (tested === 0) return known
  let least = known
  for (const candidate of now.candidates.keys()) {
    const crude = times * chanceOfAssociation(unstratified(now, candidate))
    if (crude >= least.level) continue
    const change = before && chanceOfChange(candidate, now, before, LEAST_EXPOSED_BEFORE)
    if (change !== undefined && times * change * tested >= least.level) continue
    const chance = chanceOf(candidate, { now, before }, least.level / times)
    const level = Math.max(crude, times * tested * chance)
    if (level < least.level) least = { level, candidate }
  }
  return least
}
