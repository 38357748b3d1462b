import type { BaseKind } from '../../../../backbone/records/outcome.ts'

/** Of outcomes: the same names in every view. Added kinds are shown by their own names. */
export const kinds: Record<BaseKind, string> = {
  quick: 'Quick purchase',
  slow: 'Slow purchase',
  none: 'Visit',
  unverified: 'Unverified purchase',
  invalid: 'Invalid record',
}
