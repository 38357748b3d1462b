import type { Identity } from '../../backbone/access/identity.ts'
import { assertCustomer, mayKnow } from '../../backbone/access/may-know.ts'
import { parseOutcome } from '../read-model/encoded-outcome.ts'
import type { FoundOutcome } from '../read-model/record.ts'
import type { NotificationsQuery } from './notifications-query.ts'

/** The query as far as it is this one's to ask. Throws `forbidden` when it asks for another customer than the credential's. */
export function confine(query: NotificationsQuery, identity: Identity): NotificationsQuery {
  const { owner, readsAll, customer } = identity
  const { filter } = query
  if (filter.customer !== undefined) assertCustomer(identity, filter.customer)
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
export const mayKnowOutcome = (identity: Identity, { owner, json }: FoundOutcome): boolean =>
  mayKnow(identity, owner, () => parseOutcome(json).checkout?.id)
