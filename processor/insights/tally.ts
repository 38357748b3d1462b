import type { Candidate, Trait, Traits } from './traits.ts'

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
  /** The purchases among which a candidate could be seen: its error only where stages were measured. */
  comparable: (candidate: Candidate) => Readonly<Counts>
  /** The purchases that could have become an example: those of the background, where there is one. */
  exposed: (candidate: Candidate) => Readonly<Counts>
  /** The same purchases except those of a candidate. */
  without: (candidate: Candidate) => Tally
}

interface Cell extends Counts {
  /** All counts that a purchase of this cell is part of. */
  within: Counts[]
}

export function createTally(): Tally {
  const all: Counts = { ...none }
  const staged: Counts = { ...none }
  const stagedBy = new Map<Trait, Counts>()
  const candidates = new Map<Candidate, Counts>()
  const cells = new Map<Traits, Cell>()

  function cellOf(traits: Traits): Cell {
    const known = cells.get(traits)
    if (known) return known
    const within = [all, ...[...traits.candidates].map((candidate) => counted(candidates, candidate))]
    if (traits.isStaged) {
      const backgrounds = [traits.product, traits.city, traits.hour]
      within.push(staged, ...backgrounds.map((trait) => counted(stagedBy, trait)))
    }
    const cell = { of: 0, slow: 0, within }
    cells.set(traits, cell)
    return cell
  }

  function add(traits: Traits, { of, slow }: Readonly<Counts>) {
    const cell = cellOf(traits)
    cell.of += of
    cell.slow += slow
    for (const counts of cell.within) {
      counts.of += of
      counts.slow += slow
    }
  }

  const of = (candidate: Candidate) => candidates.get(candidate) ?? none
  const comparable = ({ arisen }: Candidate) => (arisen ? staged : all)
  return {
    cells,
    candidates,
    add,
    of,
    comparable,
    exposed(candidate) {
      const { background, arisen } = candidate
      if (!arisen) return of(candidate)
      return background ? (stagedBy.get(background) ?? none) : staged
    },
    without(candidate) {
      const rest = createTally()
      for (const [traits, counts] of cells) if (!traits.candidates.has(candidate)) rest.add(traits, counts)
      return rest
    },
  }
}

function counted<Key>(counts: Map<Key, Counts>, key: Key): Counts {
  const known = counts.get(key) ?? { ...none }
  counts.set(key, known)
  return known
}
