import { ProblemError } from '../problem.ts'
import type { Identity } from './identity.ts'

/**
 * Whether an event of this owner and customer is this one's to know. The customer is asked for only when it matters: it
 * may have to be read out of an outcome.
 */
export function mayKnow(
  identity: Pick<Identity, 'owner' | 'readsAll' | 'customer'>,
  owner: string,
  customerOf: () => string | undefined,
): boolean {
  if (!identity.readsAll && identity.owner !== owner) return false
  return identity.customer === undefined || identity.customer === customerOf()
}

/** Throws `forbidden` for a customer that a credential which is for one customer is not for. */
export function assertCustomer({ customer }: Pick<Identity, 'customer'>, asked: string): void {
  if (customer === undefined || customer === asked) return
  throw new ProblemError('forbidden', { detail: 'This credential is for another customer' })
}
