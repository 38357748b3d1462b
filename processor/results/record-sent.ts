import type { Context } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { type DeliveryMemory, recipientOf } from '../deliveries/delivery-memory.ts'
import { type OutcomeFilter, positionOf, type ServedRecord } from '../read-model/record.ts'
import type { Chunk } from './shared-frames.ts'

/** Outcomes that an answer has. */
export type OnSent = (records: readonly Pick<ServedRecord, 'partition' | 'offset'>[]) => void

type Sent = Pick<DeliveryMemory, 'sent'>

/** Remembers the outcomes of an answer. That of a HEAD has none. */
export function recordAnswer(
  deliveries: Sent,
  { req, var: { identity, trace } }: Context<AccessEnv>,
  { customer }: OutcomeFilter,
): OnSent {
  if (req.method !== 'GET') return () => undefined
  const to = recipientOf(identity, customer !== undefined)
  return (records) =>
    deliveries.sent(
      records.map(({ partition, offset }) => positionOf(partition, offset)),
      'read',
      to,
      trace,
    )
}

/** The same for a search: what operators look up is not sent to anybody else. */
export function recordSearch(deliveries: Sent, context: Context<AccessEnv>, filter: OutcomeFilter): OnSent {
  const isOfCustomer = context.var.identity.customer !== undefined
  return isOfCustomer ? recordAnswer(deliveries, context, filter) : () => undefined
}

/** Remembers the outcomes of a stream: those of a chunk once, not for each of its readers. */
export function recordStream(
  deliveries: Sent,
  { var: { identity, trace } }: Context<AccessEnv>,
  { customer }: OutcomeFilter,
): (chunk: Chunk) => void {
  const to = recipientOf(identity, customer !== undefined)
  return ({ positions, sentTo }) => {
    if (sentTo.includes(to)) return
    sentTo.push(to)
    deliveries.sent(positions, 'streamed', to, trace)
  }
}
