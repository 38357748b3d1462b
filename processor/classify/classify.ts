import type { Checkout } from '../../backbone/records/checkout.ts'
import type { ClassifiedKind } from '../../backbone/records/outcome.ts'

export interface ClassificationRules {
  /** The longest purchase that counts as quick. */
  thresholdMinutes: number
  /** A larger `taps` is a telemetry error. */
  longestPlausibleMinutes: number
}

/** docs/reference/domain.md, Classification, for a checkout without faults. */
export function classify(
  { taps, folio }: Pick<Checkout, 'taps' | 'folio'>,
  { thresholdMinutes, longestPlausibleMinutes }: ClassificationRules,
): ClassifiedKind {
  const completed = taps !== null && taps > 0
  if (!completed && folio === null) return 'none'
  if (!completed || folio === null || taps > longestPlausibleMinutes) return 'unverified'
  return taps <= thresholdMinutes ? 'quick' : 'slow'
}
