import { riskRatio } from './intervals.ts'
import type { Stratum } from './mantel-haenszel.ts'
import type { Counts, Tally } from './tally.ts'
import type { Candidate } from './traits.ts'

/**
 * At most this is the probability that `hits` or more of `trials` independent trials succeed if `expected` do on
 * average: Hoeffding, "Probability inequalities for sums of bounded random variables", JASA 58 (1963), theorem 1. It
 * holds for any number of trials and for unequal ones, where a normal approximation fails far out in the tail.
 */
export function tailBound(hits: number, trials: number, expected: number): number {
  if (trials === 0 || hits <= expected) return 1
  if (expected <= 0) return 0
  return Math.exp(-trials * divergence(hits / trials, expected / trials))
}

/** Kullback and Leibler's, of two probabilities. */
function divergence(share: number, from: number): number {
  return surprise(share, from) + surprise(1 - share, 1 - from)
}

const surprise = (share: number, from: number) => (share === 0 ? 0 : share * Math.log(share / from))

/**
 * The bound for the chance that a candidate has as many of the slow purchases as it has, if within each stratum it is
 * slow as often as the others: each slow one is then its own with the probability of its share of the purchases
 * (Przyborowski and Wilenski, Biometrika 31, 1940).
 */
export function chanceOfAssociation(strata: readonly Stratum[]): number {
  let [hits, trials, expected] = [0, 0, 0]
  for (const { exposed, others } of strata) {
    const slow = exposed.slow + others.slow
    hits += exposed.slow
    trials += slow
    expected += (slow * exposed.of) / (exposed.of + others.of)
  }
  return tailBound(hits, trials, expected)
}

/**
 * The same for a change: that so many of a candidate's slow purchases of both periods are of the later one, if nothing
 * has changed but what changed for all others too. Undefined if the earlier period says too little.
 */
export function chanceOfChange(
  candidate: Candidate,
  now: Tally,
  before: Tally,
  leastExposed: number,
): number | undefined {
  const [exposure, earlier] = [now.exposed(candidate).of, before.exposed(candidate).of]
  if (earlier < leastExposed) return undefined
  const [slow, slowEarlier] = [now.of(candidate).slow, before.of(candidate).slow]
  const usual = exposure * changeOfOthers(now.others(candidate), before.others(candidate))
  const trials = slow + slowEarlier
  return tailBound(slow, trials, (trials * usual) / (usual + earlier))
}

/** Its upper limit: how much slower the others became is known only within an interval. */
const changeOfOthers = (now: Readonly<Counts>, before: Readonly<Counts>): number =>
  Math.max(1, riskRatio(now, before)?.interval[1] ?? 1)
