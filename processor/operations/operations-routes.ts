import type { Hono, MiddlewareHandler } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { validateNoQuery } from '../../backbone/http/validate-request.ts'
import { operationsResponse } from '../../backbone/operations/operations-response.ts'
import { ProblemError } from '../../backbone/problem.ts'
import type { SystemObserver } from './observe-system.ts'

interface OperationsOptions {
  mayOperate: MiddlewareHandler<AccessEnv>
  /** Undefined if this member only classifies. */
  observer: Pick<SystemObserver, 'ticks' | 'noteRead' | 'enter' | 'viewers'> | undefined
  draining: AbortSignal
}

/** Each gets some ten kilobytes a second. */
export const MOST_VIEWERS = 200

/** The state of the whole system, once and as an event stream. */
export function operationsRoutes(
  app: Hono<AccessEnv>,
  { mayOperate, observer, draining }: OperationsOptions,
): void {
  function known() {
    if (observer === undefined)
      throw new ProblemError('results-unavailable', {
        detail: 'this processor only classifies (SERVE_RESULTS)',
      })
    const ticks = observer.ticks()
    if (ticks === undefined)
      throw new ProblemError('results-unavailable', {
        detail: 'this processor is still reading the figures of the last minutes',
      })
    return { observer, ticks }
  }

  app.get('/operations', mayOperate, validateNoQuery(), (context) => {
    const { observer: from, ticks } = known()
    from.noteRead()
    return context.body(ticks.state(), 200, { 'content-type': 'application/json' })
  })

  app.get('/operations/stream', mayOperate, validateNoQuery(), (context) => {
    if (draining.aborted) throw new ProblemError('draining')
    const { observer: from, ticks } = known()
    if (from.viewers() >= MOST_VIEWERS) throw tooManyViewers()
    return operationsResponse({
      ticks,
      // A HEAD has no stream that could end.
      enter: context.req.method === 'GET' ? from.enter : () => () => undefined,
      disconnected: context.req.raw.signal,
      draining,
      credential: context.var.identity,
    })
  })
}

const tooManyViewers = () =>
  new ProblemError('rate-limited', {
    detail: `This processor has ${MOST_VIEWERS} open streams of operations`,
    headers: { 'retry-after': '5' },
  })
