import type { Hono, MiddlewareHandler } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { otherMethods } from '../../backbone/http/method-not-allowed.ts'
import { validateNoQuery } from '../../backbone/http/validate-request.ts'
import { MOST_REQUEST_BYTES, readPartitionsRequest } from '../../backbone/layout/partitions-state.ts'
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

/** How many partitions customers are spread over, and a change to more, which a processor begins. */
export function partitionsRoutes(
  app: Hono<SubmissionEnv>,
  { limits, mayOperate, admission, results, relayWrite, bodyTimeoutMs }: RoutesOptions,
): void {
  const guards = [limits.ofAddress, mayOperate, limits.ofKey, admit(admission, 'operate')] as const
  const noQuery = validateNoQuery()
  const receive = createJsonReceiver({ maxBytes: MOST_REQUEST_BYTES, withinMs: bodyTimeoutMs })

  app.get('/operations/partitions', ...guards, noQuery, relayRead(results))
  app.post('/operations/partitions', ...guards, noQuery, async (context) => {
    const partitions = readPartitionsRequest(await receive(context))
    const { req, var: vars } = context
    const write = { method: 'POST', path: '/operations/partitions', body: { partitions } } as const
    return relayWrite(write, req.raw, vars.requestId, vars.trace)
  })
  app.all('/operations/partitions', otherMethods('GET', 'HEAD', 'POST'))
}
