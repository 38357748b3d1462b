import type { OutcomeKind } from '../../../../backbone/records/outcome.ts'

/** Of outcomes: the same names in every view. */
export const kinds: Record<OutcomeKind, string> = {
  quick: 'Quick purchase',
  slow: 'Slow purchase',
  none: 'Visit',
  unverified: 'Unverified purchase',
  invalid: 'Invalid record',
}
