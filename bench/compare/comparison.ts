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

/** Both sides, ready to be measured again and again. */
export interface Pair {
  ours: () => Promise<Figures>
  theirs: () => Promise<Figures>
  end?: () => Promise<void>
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
