import type { Hono, MiddlewareHandler } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { validateEventId, validateNoQuery } from '../../backbone/http/validate-request.ts'
import type { OutcomeStore } from '../read-model/outcome-store.ts'
import { positionOf } from '../read-model/record.ts'
import { mayKnowOutcome } from '../results/authorize-query.ts'
import type { DeliveryMemory } from './delivery-memory.ts'

interface DeliveriesRouteOptions {
  mayRead: MiddlewareHandler<AccessEnv>
  mayOperate: MiddlewareHandler<AccessEnv>
  readModel: Pick<OutcomeStore, 'find'>
  deliveries: Pick<DeliveryMemory, 'reportOf'>
}

/**
 * What this member has sent of one outcome, for the timelines of gateways: they ask all members. Of an outcome that it
 * does not have it has sent nothing.
 */
export function deliveriesRoute(
  app: Hono<AccessEnv>,
  { mayRead, mayOperate, readModel, deliveries }: DeliveriesRouteOptions,
): void {
  const valid = [validateEventId(), validateNoQuery()] as const
  app.get('/checkouts/:eventId/deliveries', mayOperate, mayRead, ...valid, (context) => {
    const found = readModel.find(context.req.valid('param').eventId)
    const isKnown = found !== undefined && mayKnowOutcome(context.var.identity, found)
    return context.json(deliveries.reportOf(isKnown ? positionOf(found.partition, found.offset) : undefined))
  })
}
