import type { Hono, MiddlewareHandler } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { jsonBody, limitBody } from '../../backbone/http/json-body.ts'
import { otherMethods } from '../../backbone/http/method-not-allowed.ts'
import { validateNoQuery } from '../../backbone/http/validate-request.ts'
import { MOST_REQUEST_BYTES, readPartitionsRequest } from '../../backbone/layout/partitions-state.ts'
import { ProblemError } from '../../backbone/problem.ts'
import type { PartitionGrowth } from './grow-partitions.ts'

interface RoutesOptions {
  mayOperate: MiddlewareHandler<AccessEnv>
  /** Undefined if this member only classifies. */
  growth: PartitionGrowth | undefined
}

/** How many partitions customers are spread over, and a change to more. */
export function partitionsRoutes(app: Hono<AccessEnv>, { mayOperate, growth }: RoutesOptions): void {
  function known(): PartitionGrowth {
    if (growth) return growth
    throw new ProblemError('results-unavailable', {
      detail: 'this processor only classifies (SERVE_RESULTS)',
    })
  }

  app.get('/operations/partitions', mayOperate, validateNoQuery(), (context) => context.json(known().state()))
  const limit = limitBody(MOST_REQUEST_BYTES)
  app.post('/operations/partitions', mayOperate, validateNoQuery(), limit, async (context) => {
    const partitions = readPartitionsRequest(await jsonBody(context))
    const state = await known().grow(partitions)
    return context.json(state, state.change ? 202 : 200)
  })
  app.all('/operations/partitions', otherMethods('GET', 'HEAD', 'POST'))
}
