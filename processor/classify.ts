import type { Checkout } from '../backbone/checkout.ts'
import type { OutcomeKind } from '../backbone/outcome.ts'

/** DOMAIN.md, Classification. `thresholdMinutes` is the longest purchase that still counts as quick. */
export function classify(
  { taps, folio }: Checkout,
  thresholdMinutes: number,
): Exclude<OutcomeKind, 'invalid'> {
  const completed = taps !== null && taps > 0
  if (!completed && folio === null) return 'none'
  if (!completed || folio === null) return 'unverified'
  return taps <= thresholdMinutes ? 'quick' : 'slow'
}
