import { type Difference, factors } from '../../backbone/insights/slow-purchases.ts'
import {
  type Cause,
  candidatesTested,
  LEAST_EXPOSED,
  LEAST_EXPOSED_BEFORE,
  LEAST_SLOW,
  LEVEL,
  needsComparison,
  type Periods,
} from './find-causes.ts'
import { type Ratio, riskRatio, shares } from './intervals.ts'
import { confoundersOf, mantelHaenszel, strataBy, unstratified } from './mantel-haenszel.ts'
import { chanceOfAssociation, chanceOfChange } from './tail-bound.ts'
import type { Candidate } from './traits.ts'

// Each costs a pass over all purchases.
const MOST_OF_A_FACTOR = 10
const PAIRS = 10

/** The greatest differences of each factor and of pairs, with what is known about each. */
export function describeDifferences(periods: Periods, causes: readonly Cause[]): Difference[] {
  const { now } = periods
  const ranked = [...now.candidates.keys()]
    .flatMap((candidate) => {
      const counts = now.of(candidate)
      const lift = riskRatio(counts, now.others(candidate))
      return counts.slow > 0 && lift ? [{ candidate, lift }] : []
    })
    .toSorted((a, b) => b.lift.interval[0] - a.lift.interval[0])
  const single = factors.flatMap((factor) =>
    ranked
      .filter(({ candidate: { traits } }) => traits.length === 1 && traits[0].factor === factor)
      .slice(0, MOST_OF_A_FACTOR),
  )
  const pairs = ranked
    .filter(({ candidate }) => candidate.traits.length === 2 && isEnough(candidate, periods))
    .slice(0, PAIRS)
  return [...single, ...pairs].map((each) => describe(each, periods, causes))
}

function isEnough(candidate: Candidate, { now }: Periods): boolean {
  const { of, slow } = now.of(candidate)
  return of >= LEAST_EXPOSED && slow >= LEAST_SLOW
}

function describe(
  { candidate, lift }: { candidate: Candidate; lift: Ratio },
  periods: Periods,
  causes: readonly Cause[],
): Difference {
  const adjusted = mantelHaenszel(strataBy(periods.now, candidate, confoundersOf(candidate)))
  return {
    traits: [...candidate.traits],
    ...shares(periods.now.of(candidate)),
    lift,
    adjusted: adjusted ?? null,
    ...judge(candidate, periods, causes),
  }
}

function judge(
  candidate: Candidate,
  periods: Periods,
  causes: readonly Cause[],
): Pick<Difference, 'verdict' | 'explainedBy'> {
  if (causes.some((cause) => cause.candidate === candidate)) return { verdict: 'cause' }
  const cause = causes.find(({ explains }) => explains.includes(candidate))
  if (cause) return { verdict: 'explained', explainedBy: [...cause.candidate.traits] }
  if (!isEnough(candidate, periods)) return { verdict: 'few' }

  const { now, before } = periods
  const level = LEVEL / candidatesTested(now)
  if (chanceOfAssociation(unstratified(now, candidate)) > level) return { verdict: 'unremarkable' }
  const explainedBy = confoundersThatExplain(candidate, periods)
  if (explainedBy) return { verdict: 'explained', explainedBy }
  const change = before && chanceOfChange(candidate, now, before, LEAST_EXPOSED_BEFORE)
  const isUsual = change === undefined ? needsComparison(candidate) : change > level
  return { verdict: isUsual ? 'usual' : 'unremarkable' }
}

/** One factor, or all together, within which at most half of a lift is left, on the logarithmic scale. */
function confoundersThatExplain(candidate: Candidate, { now }: Periods): Difference['explainedBy'] {
  const crude = mantelHaenszel(unstratified(now, candidate))?.ratio
  const confounders = confoundersOf(candidate)
  const explains = (by: typeof confounders) => {
    const adjusted = mantelHaenszel(strataBy(now, candidate, by))?.ratio
    return crude !== undefined && adjusted !== undefined && Math.log(adjusted) < Math.log(crude) / 2
  }
  const found = [...confounders.map((factor) => [factor]), confounders].find(explains)
  return found?.map((factor) => ({ factor }))
}
