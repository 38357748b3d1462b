import { distance } from 'fastest-levenshtein'
import { foldedName } from '../nearest-name.ts'
import { type BaseKind, baseKinds, isBaseKind } from './outcome.ts'

/**
 * The base kind that a name differs from by one letter, case, `-` or `_`. No rules can add such a kind, so in a query it
 * is a slip, which would otherwise find nothing.
 */
export function mistakenFor(name: string): BaseKind | undefined {
  if (isBaseKind(name)) return undefined
  const folded = foldedName(name)
  return baseKinds.find((kind) => distance(folded, kind) <= 1)
}
