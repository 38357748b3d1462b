import type { Hono, MiddlewareHandler } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { validateEventId, validateNoQuery } from '../../backbone/http/validate-request.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { type DeliveryMemory, recipientOf } from '../deliveries/delivery-memory.ts'
import type { OutcomeStore, OutcomeWaits } from '../read-model/outcome-store.ts'
import { isFromOtherCluster, positionOf } from '../read-model/record.ts'
import { mayKnowOutcome } from './authorize-query.ts'
import type { createPresentation } from './mask-outcome.ts'
import { validateHeaders } from './validate-headers.ts'

interface EventRouteOptions {
  mayRead: MiddlewareHandler<AccessEnv>
  /** Throws while this member does not know all outcomes yet. */
  withResults: MiddlewareHandler
  readModel: Pick<OutcomeWaits, 'findWithin'> & Pick<OutcomeStore, 'partition'>
  presentTo: ReturnType<typeof createPresentation>
  deliveries: Pick<DeliveryMemory, 'sent'>
  draining: AbortSignal
}

/** One outcome by its event id; with `Prefer: wait`, as soon as it exists. */
export function eventRoute(
  app: Hono<AccessEnv>,
  { mayRead, withResults, readModel, presentTo, deliveries, draining }: EventRouteOptions,
): void {
  const validEvent = [validateEventId(), validateNoQuery(), validateHeaders()] as const
  app.get('/checkout/:eventId', mayRead, ...validEvent, withResults, async (context) => {
    const seconds = context.req.valid('header').prefer
    const { eventId } = context.req.valid('param')
    const { identity, trace } = context.var
    const found = await readModel.findWithin(eventId, seconds * 1_000, context.req.raw.signal, draining)
    if (found === undefined)
      throw new ProblemError(seconds > 0 && draining.aborted ? 'draining' : 'unknown-event')
    if (!mayKnowOutcome(identity, found)) throw new ProblemError('unknown-event')
    if (context.req.method === 'GET')
      deliveries.sent([positionOf(found.partition, found.offset)], 'read', recipientOf(identity, true), trace)
    const outcome = presentTo(identity)(found)
    const isCopied = isFromOtherCluster(readModel.partition(found.partition), found.offset)
    const head = `{"status":"classified",${isCopied ? '"copied":true,' : ''}"outcome":`
    const body = Buffer.concat([Buffer.from(head), outcome, Buffer.from('}')])
    return new Response(body, {
      headers: {
        'content-type': 'application/json',
        ...(seconds > 0 ? { 'preference-applied': `wait=${seconds}` } : {}),
      },
    })
  })
}
