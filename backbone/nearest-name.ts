import { distance } from 'fastest-levenshtein'

// Two slips, a transposition among them, or a third of a long name: beyond that it is another word, as is what has no letter in common.
const MOST_SLIPS = 2
const MOST_DIFFERENT = 1 / 3

// No known name is as long, and to fold a long text that somebody sent as a name can take seconds.
const LONGEST_NAME = 64

/** The same for all names that differ only by case, accents, `_` or `-`. */
export const foldedName = (name: string): string =>
  name.length > LONGEST_NAME
    ? name
    : name
        .normalize('NFD')
        .replaceAll(/[\p{M}_-]/gu, '')
        .toLowerCase()

/** The known name that somebody who wrote `given` probably meant. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  if (given.length > LONGEST_NAME) return undefined
  const folded = foldedName(given)
  const [nearest] = known
    .map((name) => ({ name, slips: distance(folded, foldedName(name)) }))
    .filter(
      ({ name, slips }) => slips < name.length && slips <= Math.max(MOST_SLIPS, name.length * MOST_DIFFERENT),
    )
    .toSorted((a, b) => a.slips - b.slips)
  return nearest?.name
}
