import { ProblemError } from '../problem.ts'
import type { Identity } from './identity.ts'

/**
 * Whether this identity may read an event of this owner and customer. `customer` is called only if needed: it
 * may have to be read from an outcome.
 */
export function mayKnow(
  identity: Pick<Identity, 'owner' | 'readsAll' | 'customer'>,
  owner: string,
  customerOf: () => string | undefined,
): boolean {
  if (!identity.readsAll && identity.owner !== owner) return false
  return identity.customer === undefined || identity.customer === customerOf()
}

/**
 * The owner whose events this identity reads; undefined: those of all. `asked`: the only one that it asks for. Throws
 * `forbidden` if the credential is for another owner.
 */
export function ownerToRead(
  identity: Pick<Identity, 'owner' | 'readsAll'>,
  asked: string | undefined,
): string | undefined {
  if (asked !== undefined) assertOwner(identity, asked)
  return asked ?? (identity.readsAll ? undefined : identity.owner)
}

/** Throws `forbidden` if the credential is for another owner. */
export function assertOwner(identity: Pick<Identity, 'owner' | 'readsAll'>, asked: string): void {
  if (identity.readsAll || identity.owner === asked) return
  throw new ProblemError('forbidden', { detail: 'The scope all-owners is required for another owner' })
}

/** For what concerns all customers. Throws `forbidden` if the credential is for one of them. */
export function assertNoCustomer({ customer }: Pick<Identity, 'customer'>): void {
  if (customer === undefined) return
  throw new ProblemError('forbidden', { detail: 'This credential is for one customer' })
}

/** Throws `forbidden` if the credential is for another customer. */
export function assertCustomer({ customer }: Pick<Identity, 'customer'>, asked: string): void {
  if (customer === undefined || customer === asked) return
  throw new ProblemError('forbidden', { detail: 'This credential is for another customer' })
}
