import type { Identity } from '../backbone/access/identity.ts'
import { ProblemError } from '../backbone/problem.ts'
import type { NotificationsQuery } from './notifications-query.ts'
import { parseOutcome } from './parse-outcome.ts'
import type { FoundOutcome } from './view-record.ts'

/** The query as far as it is this one's to ask. Throws `forbidden` when it asks for another customer than the credential's. */
export function confine(query: NotificationsQuery, identity: Identity): NotificationsQuery {
  const { owner, readsAll, customer } = identity
  const { filter } = query
  if (customer !== undefined && filter.customer !== undefined && filter.customer !== customer) {
    throw new ProblemError('forbidden', { detail: 'This credential is for another customer' })
  }
  return {
    ...query,
    filter: {
      ...filter,
      ...(readsAll ? {} : { owner }),
      ...(customer === undefined ? {} : { customer }),
    },
  }
}

/** Whether an outcome is this one's to know. Others are told that there is none: that it exists is not theirs to know either. */
export function mayKnow(
  { owner, readsAll, customer }: Identity,
  { owner: ownerOfEvent, json }: FoundOutcome,
): boolean {
  if (!readsAll && owner !== ownerOfEvent) return false
  return customer === undefined || parseOutcome(json).checkout?.id === customer
}
