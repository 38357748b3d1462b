import type { BenchSite } from './site.ts'

/** Measurements of one side in one round: numbers by name. */
export type Figures = Readonly<Record<string, number>>

/** The ratio of a measured figure to its baseline, and its target. */
export interface Ratio {
  figure: string
  /** Title in the table. */
  title: string
  better: 'more' | 'less'
  /** A minimum if more is better, a maximum if less is; undefined: no target. */
  target: number | undefined
}

export interface Round {
  measured: Figures
  baseline: Figures
}

/** Both sides, ready to be measured repeatedly. */
export interface Pair {
  round: (measuredFirst: boolean) => Promise<Round>
  end?: () => Promise<void>
}

type Side = () => Promise<Figures>

/** Rounds of two sides, measured one after the other. */
export const inTurn =
  (measured: Side, baseline: Side): Pair['round'] =>
  async (measuredFirst) => {
    if (measuredFirst) {
      const first = await measured()
      return { measured: first, baseline: await baseline() }
    }
    const first = await baseline()
    return { measured: await measured(), baseline: first }
  }

const named = (part: string, figures: Figures): Figures =>
  Object.fromEntries(Object.entries(figures).map(([figure, value]) => [`${part} ${figure}`, value]))

/**
 * Each round has a round of each part, the two sides right after each other; the names of figures begin with that of
 * their part.
 */
export const inParts = (parts: Readonly<Record<string, Pair>>): Required<Pair> => ({
  async round(measuredFirst) {
    const round = { measured: {}, baseline: {} }
    for (const [part, pair] of Object.entries(parts)) {
      const { measured, baseline } = await pair.round(measuredFirst)
      Object.assign(round.measured, named(part, measured))
      Object.assign(round.baseline, named(part, baseline))
    }
    return round
  },
  async end() {
    for (const pair of Object.values(parts)) await pair.end?.()
  },
})

export interface Comparison {
  name: string
  measured: string
  baseline: string
  /** Figures that are shown in addition to the ratios, with their unit. */
  shown: Readonly<Record<string, string>>
  ratios: readonly Ratio[]
  /** Whether the targets hold for this run; absent: they do. */
  hasTargets?: (site: BenchSite) => boolean
  prepare: (site: BenchSite) => Promise<Pair>
}
