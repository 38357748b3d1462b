import type { Hono, MiddlewareHandler } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { otherMethods } from '../../backbone/http/method-not-allowed.ts'
import { readCalendarEvent } from '../../backbone/http/read-calendar-event.ts'
import { validateNoQuery } from '../../backbone/http/validate-request.ts'
import type { SubmissionEnv } from '../checkout/read-submission.ts'
import { createJsonReceiver } from '../checkout/receive-json.ts'
import type { Admission } from '../overload/admission.ts'
import { admit } from '../overload/admission-middleware.ts'
import { relayRead } from '../results/relay-read.ts'
import type { RelayWrite } from '../results/relay-write.ts'
import type { ResultsProxy } from '../results/results-proxy.ts'

interface RoutesOptions {
  limits: { ofAddress: MiddlewareHandler<AccessEnv>; ofKey: MiddlewareHandler<AccessEnv> }
  mayOperate: MiddlewareHandler<AccessEnv>
  admission: Admission
  results: ResultsProxy
  relayWrite: RelayWrite
  bodyTimeoutMs: number
}

const MOST_BYTES = 4_096

/** The forecast and its calendar, which the processors know. */
export function forecastRoutes(app: Hono<SubmissionEnv>, options: RoutesOptions): void {
  const { limits, mayOperate, admission, results, relayWrite } = options
  const guards = [limits.ofAddress, mayOperate, limits.ofKey, admit(admission, 'operate')] as const
  const noQuery = validateNoQuery()
  const receive = createJsonReceiver({ maxBytes: MOST_BYTES, withinMs: options.bodyTimeoutMs })

  app.get('/forecast', ...guards, noQuery, relayRead(results))
  app.post('/forecast/events', ...guards, noQuery, async (context) => {
    const { id: _, ...body } = readCalendarEvent(await receive(context), Date.now())
    const { req, var: vars } = context
    return relayWrite({ method: 'POST', path: '/forecast/events', body }, req.raw, vars.requestId)
  })
  app.delete('/forecast/events/:id', ...guards, noQuery, ({ req, var: vars }) => {
    const path = `/forecast/events/${encodeURIComponent(req.param('id'))}`
    return relayWrite({ method: 'DELETE', path }, req.raw, vars.requestId)
  })
  app.all('/forecast', otherMethods('GET', 'HEAD'))
  app.all('/forecast/events', otherMethods('POST'))
  app.all('/forecast/events/:id', otherMethods('DELETE'))
}
