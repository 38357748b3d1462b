import { type Spread, spreadOf } from '../spread.ts'
import type { Comparison, Figures, Ratio } from './comparison.ts'
import type { BenchSite } from './site.ts'

export interface Round {
  ours: Figures
  theirs: Figures
}

export interface Result {
  name: string
  ours: string
  theirs: string
  shown: Comparison['shown']
  rounds: Round[]
  ratios: (Ratio & Spread & { reached: boolean | undefined })[]
}

/** Alternating pairs, each in the other order than the one before: whatever changes on the machine meets both sides. */
export async function measureComparison(
  comparison: Comparison,
  site: BenchSite,
  rounds: number,
  tell: (line: string) => void,
): Promise<Result> {
  const { name, ours, theirs, shown, ratios } = comparison
  const pair = await comparison.prepare(site)
  const measured: Round[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      tell(`${name}: round ${round + 1} of ${rounds}`)
      measured.push(await measureRound(pair, round % 2 === 0))
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

async function measureRound(
  pair: Pick<Awaited<ReturnType<Comparison['prepare']>>, 'ours' | 'theirs'>,
  oursFirst: boolean,
) {
  if (oursFirst) {
    const ours = await pair.ours()
    return { ours, theirs: await pair.theirs() }
  }
  const theirs = await pair.theirs()
  return { ours: await pair.ours(), theirs }
}

function judge(ratio: Ratio, rounds: readonly Round[]): Result['ratios'][number] {
  const { figure, better, reach } = ratio
  const of = (figures: Figures) => figures[figure] ?? Number.NaN
  const spread = spreadOf(rounds.map(({ ours, theirs }) => of(ours) / of(theirs)))
  const reached =
    reach === undefined ? undefined : better === 'more' ? spread.median >= reach : spread.median <= reach
  return { ...ratio, ...spread, reached }
}
