import { type Spread, spreadOf } from '../spread.ts'
import type { Comparison, Figures, Ratio, Round } from './comparison.ts'
import type { BenchSite } from './site.ts'

interface MeasuredRatio extends Ratio, Spread {
  /** For each round. */
  values: number[]
  passed: boolean | undefined
}

export interface Result {
  name: string
  measured: string
  baseline: string
  shown: Comparison['shown']
  rounds: Round[]
  ratios: MeasuredRatio[]
}

/**
 * Alternating pairs, each in the opposite order of the previous one: a change of the machine affects both
 * sides.
 */
export async function measureComparison(
  comparison: Comparison,
  site: BenchSite,
  rounds: number,
  log: (line: string) => void,
): Promise<Result> {
  const { name, measured, baseline, shown, ratios, hasTargets = () => true } = comparison
  const pair = await comparison.prepare(site)
  const results: Round[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      log(`${name}: round ${round + 1} of ${rounds}`)
      results.push(await pair.round(round % 2 === 0))
    }
  } finally {
    await pair.end?.()
  }
  return {
    name,
    measured,
    baseline,
    shown,
    rounds: results,
    ratios: ratios.map((ratio) => judge(hasTargets(site) ? ratio : { ...ratio, target: undefined }, results)),
  }
}

function judge(ratio: Ratio, rounds: readonly Round[]): MeasuredRatio {
  const { figure, better, target } = ratio
  const of = (figures: Figures) => figures[figure] ?? Number.NaN
  const values = rounds.map(({ measured, baseline }) => of(measured) / of(baseline))
  const spread = spreadOf(values)
  const passed =
    target === undefined ? undefined : better === 'more' ? spread.median >= target : spread.median <= target
  return { ...ratio, ...spread, values, passed }
}
