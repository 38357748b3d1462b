import type { BenchSite } from './site.ts'

/** Measurements of one side in one round: numbers by name. */
export type Figures = Readonly<Record<string, number>>

/** A target for the ratio of our figure to the baseline. */
export interface Ratio {
  figure: string
  /** Title in the table. */
  title: string
  better: 'more' | 'less'
  /** A minimum if more is better, a maximum if less is; undefined: no target. */
  reach: number | undefined
}

export interface Round {
  ours: Figures
  theirs: Figures
}

/** Both sides, ready to be measured repeatedly. */
export interface Pair {
  round: (oursFirst: boolean) => Promise<Round>
  end?: () => Promise<void>
}

type Side = () => Promise<Figures>

/** Rounds of two sides, measured one after the other. */
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
