import { logInterval, type Ratio } from './intervals.ts'
import { type Counts, none, type Tally } from './tally.ts'
import { type BackgroundFactor, backgroundFactors, type Candidate } from './traits.ts'

/** Purchases alike in what could mislead, with a candidate and without it. */
export interface Stratum {
  exposed: Readonly<Counts>
  others: Readonly<Counts>
}

/** The factors whose mix may differ between the purchases of a candidate and others. */
export const confoundersOf = ({ background }: Candidate): BackgroundFactor[] =>
  backgroundFactors.filter((factor) => factor !== background?.factor)

/** Those that have purchases on both sides. */
export function strataBy(
  tally: Tally,
  candidate: Candidate,
  confounders: readonly BackgroundFactor[],
): Stratum[] {
  const frequent = confounders.map((factor) => ({ factor, traits: tally.frequent(factor) }))
  const strata = new Map<string, { exposed: Counts; others: Counts }>()
  for (const [traits, { of, slow }] of tally.cells) {
    if (candidate.arisen && !traits.isStaged) continue
    const names = frequent.map(({ factor, traits: known }) =>
      known.has(traits[factor]) ? traits[factor].value : '',
    )
    const key = names.join('\n')
    const stratum = strata.get(key) ?? { exposed: { ...none }, others: { ...none } }
    strata.set(key, stratum)
    const side = traits.candidates.includes(candidate) ? stratum.exposed : stratum.others
    side.of += of
    side.slow += slow
  }
  return [...strata.values()].filter(({ exposed, others }) => exposed.of > 0 && others.of > 0)
}

/**
 * The ratio of shares within strata: Mantel and Haenszel, JNCI 22 (1959), for risks; its variance by Greenland and
 * Robins, "Estimation of a common effect parameter from sparse follow-up data", Biometrics 41 (1985).
 */
export function mantelHaenszel(strata: readonly Stratum[]): Ratio | undefined {
  let [ofExposed, ofOthers, variance] = [0, 0, 0]
  for (const { exposed, others } of strata) {
    const all = exposed.of + others.of
    const slow = exposed.slow + others.slow
    ofExposed += (exposed.slow * others.of) / all
    ofOthers += (others.slow * exposed.of) / all
    variance += (slow * exposed.of * others.of) / all ** 2 - (exposed.slow * others.slow) / all
  }
  if (ofExposed === 0 || ofOthers === 0) return undefined
  const ratio = ofExposed / ofOthers
  return { ratio, interval: logInterval(ratio, variance / (ofExposed * ofOthers)) }
}

/** One stratum of all purchases. */
export const unstratified = (tally: Tally, candidate: Candidate): [Stratum] => [
  { exposed: tally.of(candidate), others: tally.others(candidate) },
]
