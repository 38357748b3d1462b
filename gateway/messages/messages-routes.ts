import type { Hono, MiddlewareHandler } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { otherMethods } from '../../backbone/http/method-not-allowed.ts'
import { validateNoQuery } from '../../backbone/http/validate-request.ts'
import type { SubmissionEnv } from '../checkout/read-submission.ts'
import { createJsonReceiver } from '../checkout/receive-json.ts'
import type { Admission } from '../overload/admission.ts'
import { admit } from '../overload/admission-middleware.ts'
import { relayRead } from '../results/relay-read.ts'
import type { ResultsProxy } from '../results/results-proxy.ts'

interface RoutesOptions {
  limits: { ofAddress: MiddlewareHandler<AccessEnv>; ofKey: MiddlewareHandler<AccessEnv> }
  mayOperate: MiddlewareHandler<AccessEnv>
  admission: Admission
  results: ResultsProxy
  maxBodyBytes: number
  bodyTimeoutMs: number
}

/** The processors know the messages. */
export function messagesRoutes(app: Hono<SubmissionEnv>, options: RoutesOptions): void {
  const { limits, mayOperate, admission, results } = options
  const guards = [
    limits.ofAddress,
    mayOperate,
    limits.ofKey,
    admit(admission, 'read'),
    validateNoQuery(),
  ] as const
  const receive = createJsonReceiver({ maxBytes: options.maxBodyBytes, withinMs: options.bodyTimeoutMs })

  app.get('/messages', ...guards, relayRead(results))
  app.post('/messages/preview', ...guards, async (context) => {
    const { req, var: vars } = context
    const body = JSON.stringify((await receive(context)) ?? {})
    return results(req.raw, vars.requestId, vars.trace, body)
  })
  app.all('/messages', otherMethods('GET', 'HEAD'))
  app.all('/messages/preview', otherMethods('POST'))
}
