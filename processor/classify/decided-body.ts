import { canonicalCheckout, type StoredCheckout } from '../../backbone/records/checkout.ts'
import { correctCheckout } from '../../backbone/records/correct-checkout.ts'
import type { Outcome } from '../../backbone/records/outcome.ts'

/** The canonical body that an outcome was decided with; empty if its record could not be read as a checkout. */
export function decidedBody({ checkout }: Pick<Outcome, 'checkout'>): string {
  // An earlier version may have stored it with fewer corrections: it is the same body all the same.
  return checkout ? canonicalCheckout(correctCheckout(checkout).value as StoredCheckout) : ''
}
