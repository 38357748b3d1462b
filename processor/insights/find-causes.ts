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
/** What has just begun is hidden among the quick purchases of an hour, but not among those of the last minutes. */
export const RECENT_MS = 600_000
/** Smaller: of the last minutes there are more periods in a day that differ. Chosen by simulation, too. */
export const LEVEL_OF_RECENT = 0.000_01

export interface Periods {
  now: Tally
  /** The last {@link RECENT_MS} of it. Undefined if it is not much longer. */
  recent: Tally | undefined
  /** Undefined if too little is known of the time before. */
  before: Tally | undefined
}

type NowAndBefore = Pick<Periods, 'now' | 'before'>

/** One part of the period, compared with the time before. */
interface Comparison extends NowAndBefore {
  level: number
  /** How many candidates are tested. */
  tested: number
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
 * enough purchases count as tested, by Holm's method (Scandinavian Journal of Statistics 6, 1979). All of the period
 * and its last minutes are tested, each at its level.
 */
export function findCauses(periods: Periods): Cause[] {
  const causes: Cause[] = []
  let rest = comparisonsOf(periods)
  let standing = rest.flatMap(holm).toSorted((a, b) => a.chance / a.level - b.chance / b.level)
  while (standing.length > 0 && causes.length < MOST_CAUSES) {
    const { candidate, chance } = mostSpecific(standing, rest)
    rest = rest.map((each) => withoutCandidate(each, candidate))
    const others = standing.filter((each) => each.candidate !== candidate)
    standing = others.filter((each) => isUnlikely(each.candidate, rest[each.of]))
    const left = new Set(standing.map((each) => each.candidate))
    const explains = new Set(others.map((each) => each.candidate)).difference(left)
    causes.push({ candidate, chance, explains: [...explains] })
  }
  return causes
}

function comparisonsOf({ now, recent, before }: Periods): Comparison[] {
  const all = { now, before, level: LEVEL, tested: candidatesTested(now) }
  if (recent === undefined) return [all]
  return [all, { now: recent, before, level: LEVEL_OF_RECENT, tested: candidatesTested(recent) }]
}

interface Standing {
  candidate: Candidate
  chance: number
  level: number
  /** The number of the comparison in which it stands out. */
  of: number
}

/** Those that stand out, ordered by chance. */
function holm(comparison: Comparison, of: number): Standing[] {
  const { now, level, tested } = comparison
  const standing: Standing[] = []
  for (const candidate of now.candidates.keys()) {
    // No step of Holm's method has a greater limit than the last one.
    const chance = chanceOf(candidate, comparison, level)
    if (chance <= level) standing.push({ candidate, chance, level, of })
  }
  standing.sort((a, b) => a.chance - b.chance)
  const end = standing.findIndex(({ chance }, rank) => chance > level / (tested - rank))
  return end < 0 ? standing : standing.slice(0, end)
}

export const candidatesTested = ({ candidates }: Tally): number =>
  candidates.values().reduce((sum, { of }) => sum + (of >= LEAST_EXPOSED ? 1 : 0), 0)

function isUnlikely(candidate: Candidate, comparison: Comparison | undefined): boolean {
  if (comparison === undefined) return false
  const limit = comparison.level / comparison.tested
  return chanceOf(candidate, comparison, limit) <= limit
}

/** Exact only at most at `limit`: strata cost a pass over all purchases. */
export function chanceOf(candidate: Candidate, { now, before }: NowAndBefore, limit: number): number {
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
function mostSpecific(standing: readonly Standing[], comparisons: readonly Comparison[]): Standing {
  let [found] = standing as [Standing]
  const comparison = comparisons[found.of] as Comparison
  const alike = standing.filter(({ of }) => of === found.of)
  for (;;) {
    const size = comparison.now.of(found.candidate).of
    const narrower = alike.find(
      ({ candidate }) =>
        comparison.now.of(candidate).of < size &&
        excessOf(candidate, comparison) >= MOST * excessOf(found.candidate, comparison) &&
        !isUnlikely(found.candidate, withoutCandidate(comparison, candidate)),
    )
    if (!narrower) return found
    found = narrower
  }
}

/** How many of its purchases are slow beyond what is usual, or beyond the share of others if that is not known. */
function excessOf(candidate: Candidate, { now, before }: NowAndBefore): number {
  const { of, slow } = now.of(candidate)
  const earlier = before?.exposed(candidate).of ?? 0
  if (before && earlier > 0) return slow - (now.exposed(candidate).of * before.of(candidate).slow) / earlier
  const others = now.others(candidate)
  return slow - (others.of === 0 ? 0 : (of * others.slow) / others.of)
}

const withoutCandidate = (comparison: Comparison, candidate: Candidate): Comparison => ({
  ...comparison,
  now: comparison.now.without(candidate),
  before: comparison.before?.without(candidate),
})
