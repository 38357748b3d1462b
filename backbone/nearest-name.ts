import { distance } from 'fastest-levenshtein'

// Two slips, a transposition among them, or a third of a long name: beyond that it is another word.
const MOST_SLIPS = 2
const MOST_DIFFERENT = 1 / 3

const folded = (name: string) =>
  name
    .normalize('NFD')
    .replaceAll(/[\p{M}_-]/gu, '')
    .toLowerCase()

/** Whether two names differ only by case, accents, `_` or `-`. */
export const sameName = (a: string, b: string): boolean => folded(a) === folded(b)

/** The known name that somebody who wrote `given` probably meant. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((name) => ({ name, slips: distance(folded(given), folded(name)) }))
    .filter(({ name, slips }) => slips <= Math.max(MOST_SLIPS, name.length * MOST_DIFFERENT))
    .toSorted((a, b) => a.slips - b.slips)
  return nearest?.name
}
