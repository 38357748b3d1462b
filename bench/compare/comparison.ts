import type { BenchSite } from './site.ts'

/** What was measured of one side in one round: numbers by name. */
export type Figures = Readonly<Record<string, number>>

/** What is to be reached: ours to theirs, in one figure. */
export interface Ratio {
  figure: string
  /** How it is called in the table. */
  title: string
  better: 'more' | 'less'
  /** The least of more, or the most of less; undefined: it is only reported. */
  reach: number | undefined
}

export interface Round {
  ours: Figures
  theirs: Figures
}

/** Both sides, ready to be measured again and again. */
export interface Pair {
  round: (oursFirst: boolean) => Promise<Round>
  end?: () => Promise<void>
}

type Side = () => Promise<Figures>

/** Rounds of two sides that are measured one after the other. */
export const inTurn =
  (ours: Side, theirs: Side): Pair['round'] =>
  async (oursFirst) => {
    if (oursFirst) {
      const first = await ours()
      return { ours: first, theirs: await theirs() }
    }
    const first = await theirs()
    return { ours: await ours(), theirs: first }
  }

export interface Comparison {
  name: string
  ours: string
  theirs: string
  /** Figures that are shown beside the ratios, with their unit. */
  shown: Readonly<Record<string, string>>
  ratios: readonly Ratio[]
  prepare: (site: BenchSite) => Promise<Pair>
}
