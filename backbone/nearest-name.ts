import { distance } from 'fastest-levenshtein'

// Two edits, including transpositions, or a third of a long name. Beyond that it is another word, and so is a
// name without a common letter.
const MOST_SLIPS = 2
const MOST_DIFFERENT = 1 / 3

// No known name is longer, and folding a long text can take seconds.
const LONGEST_NAME = 64

/** Equal for names that differ only by case, accents, `_` or `-`. */
export const foldedName = (name: string): string =>
  name.length > LONGEST_NAME
    ? name
    : name
        .normalize('NFD')
        .replaceAll(/[\p{M}_-]/gu, '')
        .toLowerCase()

/** The known name that is most similar to `given`, if any is similar enough. */
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
