import type { BackgroundFactor, Candidate, Trait, Traits } from './traits.ts'

/** Some purchases, and how many of them were slow. */
export interface Counts {
  of: number
  slow: number
}

export const none: Readonly<Counts> = { of: 0, slow: 0 }
export const one = (isSlow: boolean): Counts => ({ of: 1, slow: isSlow ? 1 : 0 })
export const difference = (all: Readonly<Counts>, part: Readonly<Counts>): Counts => ({
  of: all.of - part.of,
  slow: all.slow - part.slow,
})

/** Purchases counted by everything that is compared, so that a period can slide in small steps. */
export interface Tally {
  cells: ReadonlyMap<Traits, Readonly<Counts>>
  candidates: ReadonlyMap<Candidate, Readonly<Counts>>
  /** Counts below 0 take purchases out again. */
  add: (traits: Traits, counts: Readonly<Counts>) => void
  of: (candidate: Candidate) => Readonly<Counts>
  /** The purchases without a candidate: without an error, only those whose stages were measured. */
  others: (candidate: Candidate) => Readonly<Counts>
  /** The purchases that could have become an example: those of the background, where there is one. */
  exposed: (candidate: Candidate) => Readonly<Counts>
  /** The most frequent values of a factor. */
  frequent: (factor: BackgroundFactor) => ReadonlySet<Trait>
  /** The same purchases except those of a candidate. */
  without: (candidate: Candidate) => Tally
}

interface Cell extends Counts {
  /** All counts that a purchase of this cell is part of. */
  within: Counts[]
}

/** Strata of a few purchases tell nothing. The less frequent values of a factor share one. */
const MOST_VALUES = 20

export function createTally(): Tally {
  const all: Counts = { ...none }
  const staged: Counts = { ...none }
  const stagedBy = new Map<Trait, Counts>()
  const candidates = new Map<Candidate, Counts>()
  const cells = new Map<Traits, Cell>()
  // Each candidate that is looked at asks for them; to find them, all values are sorted.
  const frequentBy = new Map<BackgroundFactor, ReadonlySet<Trait>>()

  function cellOf(traits: Traits): Cell {
    const known = cells.get(traits)
    if (known) return known
    const within = [all, ...traits.candidates.map((candidate) => counted(candidates, candidate))]
    if (traits.isStaged) {
      const backgrounds = [traits.product, traits.city, traits.hour]
      within.push(staged, ...backgrounds.map((trait) => counted(stagedBy, trait)))
    }
    const cell = { of: 0, slow: 0, within }
    cells.set(traits, cell)
    return cell
  }

  function add(traits: Traits, { of, slow }: Readonly<Counts>) {
    frequentBy.clear()
    const cell = cellOf(traits)
    cell.of += of
    cell.slow += slow
    for (const counts of cell.within) {
      counts.of += of
      counts.slow += slow
    }
  }

  function frequent(factor: BackgroundFactor): ReadonlySet<Trait> {
    const known = frequentBy.get(factor)
    if (known) return known
    const traits = [...candidates]
      .flatMap(([{ background, arisen }, counts]) =>
        background?.factor === factor && !arisen ? [{ trait: background, of: counts.of }] : [],
      )
      // Of equally frequent ones the same, in whatever order the purchases were read.
      .toSorted((a, b) => b.of - a.of || (a.trait.value < b.trait.value ? -1 : 1))
      .slice(0, MOST_VALUES)
    const found = new Set(traits.map(({ trait }) => trait))
    frequentBy.set(factor, found)
    return found
  }

  const of = (candidate: Candidate) => candidates.get(candidate) ?? none
  return {
    cells,
    candidates,
    add,
    of,
    others: (candidate) => difference(candidate.arisen ? staged : all, of(candidate)),
    frequent,
    exposed(candidate) {
      const { background, arisen } = candidate
      if (!arisen) return of(candidate)
      return background ? (stagedBy.get(background) ?? none) : staged
    },
    without(candidate) {
      const rest = createTally()
      for (const [traits, counts] of cells)
        if (!traits.candidates.includes(candidate)) rest.add(traits, counts)
      return rest
    },
  }
}

function counted<Key>(counts: Map<Key, Counts>, key: Key): Counts {
  const known = counts.get(key) ?? { ...none }
  counts.set(key, known)
  return known
}
