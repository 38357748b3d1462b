import type { z } from 'zod'
import type { Identity } from '../../backbone/access/identity.ts'
import { assertCustomer, assertOwner } from '../../backbone/access/may-know.ts'
import type {
  checkoutsQuerySchema,
  exportQuerySchema,
  notificationsQuerySchema,
} from '../../backbone/http/notifications-query.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { eventIdOfKey, idOutsideHome } from '../../backbone/records/event-id.ts'
import { lanes } from '../../backbone/records/partition.ts'
import type { OutcomeFilter } from '../read-model/record.ts'

export interface OutcomesQuery {
  filter: OutcomeFilter
  limit: number
  cursor: string | undefined
  from: 'earliest' | 'now' | undefined
  order: 'asc' | 'desc'
}

type NotificationsParameters = z.output<typeof notificationsQuerySchema>
type CheckoutsParameters = z.output<typeof checkoutsQuerySchema>

/**
 * Translates the parameters. `lastEventId` is a cursor, and newer than `cursor`: a client adds it to the URL
 * that it was given.
 */
export function toOutcomesQuery(
  parameters: Omit<NotificationsParameters, 'lastEventId'> & { lastEventId?: string | undefined },
): OutcomesQuery {
  const { limit, cursor, lastEventId, from, order } = parameters
  return { filter: toFilter(parameters), limit, cursor: lastEventId || cursor, from, order }
}

/** The part of the parameters that selects outcomes. */
export function toFilter({
  kind,
  owner,
  customer,
  folio,
  product,
  since,
  until,
}: Omit<z.output<typeof exportQuerySchema>, 'format'>): OutcomeFilter {
  return {
    kinds: typeof kind === 'string' ? kind : new Set(kind),
    ...(owner === undefined ? {} : { owner }),
    ...(customer === undefined ? {} : { customer }),
    ...(folio === undefined ? {} : { folio }),
    ...(product === undefined ? {} : { product }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  }
}

/**
 * With the events that `eventId` or `idempotencyKey` name, among `partitions`. Throws `forbidden` if it asks for
 * another owner or customer than that of the credential.
 */
export function toCheckoutsQuery(
  { eventId, idempotencyKey: key, ...parameters }: CheckoutsParameters,
  identity: Identity,
  partitions: number,
): OutcomesQuery {
  const query = toOutcomesQuery(parameters)
  const { customer, ...others } = query.filter
  if (others.owner !== undefined) assertOwner(identity, others.owner)
  if (customer !== undefined) assertCustomer(identity, customer)
  const named: string[][] = []
  if (eventId !== undefined) named.push([eventId])
  if (key !== undefined && customer !== undefined) {
    const owner = others.owner ?? onlyOwner(identity)
    named.push(lanes.map((lane) => eventIdOfKey({ owner, key, customer, lane })))
  }
  const [events, ...rest] = named
  if (events === undefined) return query
  const asked = events.filter((id) => rest.every((ids) => ids.includes(id)))
  // The outcome of a conflict has no customer. The ids of a key are of no other one.
  const filter = key === undefined ? query.filter : others
  // Each partition has ids of its own: looked up in all of a thousand, all would be a million look-ups.
  const eventsIn = (partition: number) => [...asked, ...asked.map((id) => idOutsideHome(id, partition))]
  const ids = new Set(Array.from({ length: partitions }, (_, partition) => eventsIn(partition)).flat())
  return { ...query, filter: { ...filter, events: ids, eventsIn } }
}

/** The owner of an idempotency key that is asked for without one. Throws `invalid-request` if there may be several. */
function onlyOwner({ owner, scopes }: Identity): string {
  if (!scopes.has('all-owners')) return owner
  throw new ProblemError('invalid-request', {
    detail: 'idempotencyKey requires owner: this credential reads the events of all owners',
  })
}
