import type { Identity } from '../../backbone/access/identity.ts'
import { assertCustomer, mayKnow, ownerToRead } from '../../backbone/access/may-know.ts'
import { parseOutcome } from '../read-model/encoded-outcome.ts'
import type { FoundOutcome, OutcomeFilter } from '../read-model/record.ts'

/**
 * Restricts the query to what this identity may read. Throws `forbidden` if it asks for another owner or
 * customer than that of the credential.
 */
export function confine<Query extends { filter: OutcomeFilter }>(query: Query, identity: Identity): Query {
  const { customer } = identity
  const { filter } = query
  const owner = ownerToRead(identity, filter.owner)
  if (filter.customer !== undefined) assertCustomer(identity, filter.customer)
  return {
    ...query,
    filter: {
      ...filter,
      ...(owner === undefined ? {} : { owner }),
      ...(customer === undefined ? {} : { customer }),
    },
  }
}

/**
 * Whether this identity may read an outcome. If not, the answer is that there is none, so that its existence
 * is not revealed.
 */
export const mayKnowOutcome = (identity: Identity, { owner, json }: FoundOutcome): boolean =>
  mayKnow(identity, owner, () => parseOutcome(json).checkout?.id)
