import { ownAttribute } from '../../backbone/tracing/attributes.ts'
import { isSampled } from '../../backbone/tracing/trace-context.ts'
import type { Tracing } from '../../backbone/tracing/tracing.ts'
import type { DeliveryMemory } from '../deliveries/delivery-memory.ts'
import type { TracedOutcomes } from './traced-outcomes.ts'

interface DeliveryTraceOptions {
  tracing: Tracing
  tracedOutcomes: Pick<TracedOutcomes, 'at'>
  deliveries: DeliveryMemory
}

/**
 * Also makes a span when an outcome with a sampled trace is first sent in one way to one kind of recipient, in the trace
 * of its checkout. A request that has a trace of its own is linked: it may take many outcomes.
 */
export function traceDeliveries({
  tracing,
  tracedOutcomes,
  deliveries,
}: DeliveryTraceOptions): DeliveryMemory {
  return {
    ...deliveries,
    sent(positions, what, to, request) {
      for (const position of positions) {
        const outcome = tracedOutcomes.at(position)
        const way = `${what} ${to}`
        if (!outcome || outcome.sent.has(way)) continue
        outcome.sent.add(way)
        tracing
          .start({
            name: 'deliver notification',
            kind: 'internal',
            parent: outcome.context,
            links: request && isSampled(request) ? [request] : [],
            attributes: {
              [ownAttribute.eventId]: outcome.eventId,
              [ownAttribute.delivery]: what,
              [ownAttribute.recipient]: to,
            },
          })
          ?.end()
      }
      deliveries.sent(positions, what, to, request)
    },
  }
}
