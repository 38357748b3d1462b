import type { Hono, MiddlewareHandler } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { assertNoCustomer, ownerToRead } from '../../backbone/access/may-know.ts'
import { slowQuerySchema } from '../../backbone/http/slow-query.ts'
import { validateQuery } from '../../backbone/http/validate-request.ts'
import type { shareAnswers } from './share-answers.ts'

interface InsightsRouteOptions {
  mayRead: MiddlewareHandler<AccessEnv>
  /** Throws while this member does not know all outcomes yet. */
  withResults: MiddlewareHandler
  askWhySlow: ReturnType<typeof shareAnswers>
  draining: AbortSignal
}

/** Why purchases of a period were slow. */
export function insightsRoute(
  app: Hono<AccessEnv>,
  { mayRead, withResults, askWhySlow, draining }: InsightsRouteOptions,
): void {
  app.get('/insights/slow', mayRead, validateQuery(slowQuerySchema), withResults, async (context) => {
    const { identity } = context.var
    assertNoCustomer(identity)
    const asked = context.req.valid('query')
    const owner = ownerToRead(identity, asked.owner)
    const signal = AbortSignal.any([context.req.raw.signal, draining])
    return context.json(await askWhySlow({ ...asked, owner }, signal))
  })
}
