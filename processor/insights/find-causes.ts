import { riskRatio } from './intervals.ts'
import { confoundersOf, mantelHaenszel, strataBy, unstratified } from './mantel-haenszel.ts'
import { chanceOfAssociation, chanceOfChange } from './tail-bound.ts'
import type { Tally } from './tally.ts'
import type { Candidate } from './traits.ts'

/** Of fewer purchases nothing is claimed. */
export const LEAST_EXPOSED = 10
export const LEAST_SLOW = 8
/** Of the time before: fewer do not say what is usual. */
export const LEAST_EXPOSED_BEFORE = 20
/** A cause makes purchases slow at least this many times as often. */
export const LEAST_LIFT = 1.5
const MOST_CAUSES = 5
const MOST = 0.75

/**
 * The bound for the chance that an answer names a false cause. Chosen by simulation (`npm run bench:insights-level`),
 * not by Bonferroni's inequality over the 2,880 answers of a day, which differ little from minute to minute: half of
 * the smallest level at which any answer of 442 days without a cause names one. See docs/measurements/insights.md.
 */
export const LEVEL = 0.001

export interface Periods {
  now: Tally
  /** Undefined if too little is known of the time before. */
  before: Tally | undefined
}

export interface Cause {
  candidate: Candidate
  /** Upper bound, see tail-bound.ts. */
  chance: number
  /** Other candidates that stand out, but no more without the purchases of this one. */
  explains: Candidate[]
}

/**
 * What makes purchases slow now and did not before, the strongest evidence first. Of nested causes only one is named.
 * A candidate must stand out within strata of what could mislead ({@link confoundersOf}), and more than before; its
 * chance is the greater one of both (an intersection-union test: Berger, Technometrics 24, 1982). All candidates with
 * enough purchases count as tested, by Holm's method (Scandinavian Journal of Statistics 6, 1979).
 */
export function findCauses(periods: Periods): Cause[] {
  const causes: Cause[] = []
  let rest = periods
  let standing = holm(periods)
  while (standing.length > 0 && causes.length < MOST_CAUSES) {
    const found = mostSpecific(standing, rest)
    rest = withoutCandidate(rest, found.candidate)
    const still = standing.filter(
      (each) => each !== found && isUnlikely(each.candidate, rest, candidatesTested(periods.now)),
    )
    const explains = standing.filter((each) => each !== found && !still.includes(each))
    causes.push({ ...found, explains: explains.map(({ candidate }) => candidate) })
    standing = still
  }
  return causes
}

interface Standing {
  candidate: Candidate
  chance: number
}

/** Those that stand out, ordered by chance. */
function holm(periods: Periods): Standing[] {
  const tested = candidatesTested(periods.now)
  const standing: Standing[] = []
  for (const candidate of periods.now.candidates.keys()) {
    // No step of Holm's method has a greater limit than the last one.
    const chance = chanceOf(candidate, periods, LEVEL)
    if (chance <= LEVEL) standing.push({ candidate, chance })
  }
  standing.sort((a, b) => a.chance - b.chance)
  const end = standing.findIndex(({ chance }, rank) => chance > LEVEL / (tested - rank))
  return end < 0 ? standing : standing.slice(0, end)
}

export const candidatesTested = ({ candidates }: Tally): number =>
  candidates.values().reduce((sum, { of }) => sum + (of >= LEAST_EXPOSED ? 1 : 0), 0)

const isUnlikely = (candidate: Candidate, periods: Periods, tested: number): boolean =>
  chanceOf(candidate, periods, LEVEL / tested) <= LEVEL / tested

/** Exact only at most at `limit`: strata cost a pass over all purchases. */
export function chanceOf(candidate: Candidate, { now, before }: Periods, limit: number): number {
  const counts = now.of(candidate)
  if (counts.of < LEAST_EXPOSED || counts.slow < LEAST_SLOW) return 1
  const crude = chanceOfAssociation(unstratified(now, candidate))
  if (crude > limit || (riskRatio(counts, now.others(candidate))?.ratio ?? 0) < LEAST_LIFT) return 1
  const change = before && chanceOfChange(candidate, now, before, LEAST_EXPOSED_BEFORE)
  if (change === undefined ? needsComparison(candidate) : change > limit) return 1
  const strata = strataBy(now, candidate, confoundersOf(candidate))
  const adjusted = chanceOfAssociation(strata)
  // Undefined: no other one within the strata is slow.
  if ((mantelHaenszel(strata)?.ratio ?? Number.POSITIVE_INFINITY) < LEAST_LIFT) return 1
  return Math.max(adjusted, change ?? 0)
}

/** The longest stage of a slow purchase is often another one than that of a quick one: alone, that is no cause. */
export const needsComparison = ({ arisen }: Candidate): boolean => arisen?.factor === 'stage'

/**
 * The strongest one; or a smaller group that explains it and has most of what it has too many, such as an error in one
 * city instead of the error itself.
 */
function mostSpecific(standing: readonly Standing[], periods: Periods): Standing {
  let [found] = standing as [Standing]
  const tested = candidatesTested(periods.now)
  for (;;) {
    const size = periods.now.of(found.candidate).of
    const narrower = standing.find(
      ({ candidate }) =>
        periods.now.of(candidate).of < size &&
        excessOf(candidate, periods) >= MOST * excessOf(found.candidate, periods) &&
        !isUnlikely(found.candidate, withoutCandidate(periods, candidate), tested),
    )
    if (!narrower) return found
    found = narrower
  }
}

/** How many of its purchases are slow beyond what is usual, or beyond the share of others if that is not known. */
function excessOf(candidate: Candidate, { now, before }: Periods): number {
  const { of, slow } = now.of(candidate)
  const earlier = before?.exposed(candidate).of ?? 0
  if (before && earlier > 0) return slow - (now.exposed(candidate).of * before.of(candidate).slow) / earlier
  const others = now.others(candidate)
  return slow - (others.of === 0 ? 0 : (of * others.slow) / others.of)
}

const withoutCandidate = ({ now, before }: Periods, candidate: Candidate): Periods => ({
  now: now.without(candidate),
  before: before?.without(candidate),
})
