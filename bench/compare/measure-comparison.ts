import { type Spread, spreadOf } from '../spread.ts'
import type { Comparison, Figures, Ratio, Round } from './comparison.ts'
import type { BenchSite } from './site.ts'

interface MeasuredRatio extends Ratio, Spread {
  /** For each round. */
  values: number[]
  reached: boolean | undefined
}

export interface Result {
  name: string
  ours: string
  theirs: string
  shown: Comparison['shown']
  rounds: Round[]
  ratios: MeasuredRatio[]
}

/**
 * Alternating pairs, each in the opposite order of the previous one: changes of the machine affect both
 * sides.
 */
export async function measureComparison(
  comparison: Comparison,
  site: BenchSite,
  rounds: number,
  log: (line: string) => void,
): Promise<Result> {
  const { name, ours, theirs, shown, ratios } = comparison
  const pair = await comparison.prepare(site)
  const measured: Round[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      log(`${name}: round ${round + 1} of ${rounds}`)
      measured.push(await pair.round(round % 2 === 0))
    }
  } finally {
    await pair.end?.()
  }
  return {
    name,
    ours,
    theirs,
    shown,
    rounds: measured,
    ratios: ratios.map((ratio) => judge(ratio, measured)),
  }
}

function judge(ratio: Ratio, rounds: readonly Round[]): MeasuredRatio {
  const { figure, better, reach } = ratio
  const of = (figures: Figures) => figures[figure] ?? Number.NaN
  const values = rounds.map(({ ours, theirs }) => of(ours) / of(theirs))
  const spread = spreadOf(values)
  const reached =
    reach === undefined ? undefined : better === 'more' ? spread.median >= reach : spread.median <= reach
  return { ...ratio, ...spread, values, reached }
}
