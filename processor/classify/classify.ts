import type { Checkout } from '../../backbone/records/checkout.ts'
import type { OutcomeKind } from '../../backbone/records/outcome.ts'

/** A kind of purchase. */
export interface PurchaseKind {
  kind: OutcomeKind
  /** The longest purchase of this kind, in minutes; infinite for the last kind. */
  untilMinutes: number
  isFollowedUp: boolean
}

export interface ClassificationRules {
  /** From the shortest purchases to the longest; the last one has no limit. */
  kinds: readonly Pick<PurchaseKind, 'kind' | 'untilMinutes'>[]
  /** A larger `taps` is a telemetry error. */
  longestPlausibleMinutes: number
}

/** docs/reference/domain.md, Classification, for a checkout without faults. */
export function classify(
  { taps, folio }: Pick<Checkout, 'taps' | 'folio'>,
  { kinds, longestPlausibleMinutes }: ClassificationRules,
): OutcomeKind {
  const completed = taps !== null && taps > 0
  if (!completed && folio === null) return 'none'
  if (!completed || folio === null || taps > longestPlausibleMinutes) return 'unverified'
  return kinds.find(({ untilMinutes }) => taps <= untilMinutes)?.kind ?? 'slow'
}
