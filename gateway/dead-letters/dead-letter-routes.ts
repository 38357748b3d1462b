import type { Context, Hono, MiddlewareHandler } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { ANONYMOUS } from '../../backbone/access/identity.ts'
import { deadLettersQuerySchema } from '../../backbone/http/dead-letters-query.ts'
import { otherMethods } from '../../backbone/http/method-not-allowed.ts'
import { preferredWait } from '../../backbone/http/prefer-wait.ts'
import { preferenceApplied, prefersLenient } from '../../backbone/http/preferences.ts'
import { validateDeadLetterId, validateNoQuery, validateQuery } from '../../backbone/http/validate-request.ts'
import { ProblemError, problemResponse } from '../../backbone/problem.ts'
import { requestedTrace } from '../../backbone/tracing/trace-requests.ts'
import type { SubmissionEnv } from '../checkout/read-submission.ts'
import { createJsonReceiver } from '../checkout/receive-json.ts'
import type { Admission } from '../overload/admission.ts'
import { admit, admitWaiting } from '../overload/admission-middleware.ts'
import type { WaitLimit } from '../overload/wait-limit.ts'
import { relayRead } from '../results/relay-read.ts'
import type { ResultsProxy } from '../results/results-proxy.ts'
import { jsonOfLetter } from './letter-checkout.ts'
import { createDeadLetterReads } from './read-dead-letters.ts'
import { bulkBodyIn, editedCheckoutIn } from './read-redrive-body.ts'
import type { Redrive, RedriveRequest } from './redrive.ts'
import { createBulkRedrive } from './redrive-many.ts'

interface RoutesOptions {
  /** Before a credential is checked, and after. */
  limits: { ofAddress: MiddlewareHandler<AccessEnv>; ofKey: MiddlewareHandler<AccessEnv> }
  requires: (scope: 'operate' | 'personal') => MiddlewareHandler<AccessEnv>
  admission: Admission
  waits: WaitLimit
  results: ResultsProxy
  redrive: Redrive
  maxBodyBytes: number
  bodyTimeoutMs: number
  onInternal: (error: unknown, requestId: string) => void
}

// Outcomes of a page that was stored are there within milliseconds, unless their processors are behind.
const BULK_WAIT_SECONDS = 5

/** Dead letters are listed by the processors, and sent again here. */
export function deadLetterRoutes(app: Hono<SubmissionEnv>, options: RoutesOptions): void {
  const { limits, requires, admission, waits, results, redrive } = options
  const mayList = [limits.ofAddress, requires('operate'), limits.ofKey] as const
  // Who sends it again may see it.
  const maySend = [...mayList, requires('personal'), admit(admission, 'read')] as const
  const relay = relayRead(results)
  const validId = [validateDeadLetterId(), validateNoQuery()] as const
  const receive = createJsonReceiver({ maxBytes: options.maxBodyBytes, withinMs: options.bodyTimeoutMs })
  const redriveMany = createBulkRedrive({
    reads: createDeadLetterReads(results),
    redrive,
    onInternal: options.onInternal,
  })

  app.post('/dead-letters/redrive', ...maySend, validateNoQuery(), async (context) => {
    const asked = readRequest(context, BULK_WAIT_SECONDS)
    const answer = await redriveMany(bulkBodyIn(await receive(context)), asked)
    const failed = answer.results.some(({ retry }) => retry)
    return failed
      ? problemResponse(new ProblemError('redrive-incomplete'), { results: answer.results })
      : context.json(answer)
  })
  // Before the route of one dead letter, which would take it for an id.
  app.all('/dead-letters/redrive', otherMethods('POST'))
  app.post('/dead-letters/:id/redrive', ...maySend, ...validId, async (context) => {
    const checkout = editedCheckoutIn(await receive(context))
    const { id } = context.req.valid('param')
    const seconds = waits.areFull() ? 0 : preferredWait(context.req.header('prefer'))
    const asked = readRequest(context, seconds)
    const { answer, replayed } = await waits.hold(() =>
      redrive(id, checkout === undefined ? jsonOfLetter : () => checkout, asked),
    )
    const isClassified = answer.status === 'classified'
    const applied = [
      ...(asked.lenient ? ['handling=lenient'] : []),
      ...(isClassified && seconds > 0 ? [`wait=${seconds}`] : []),
    ]
    return context.json(answer, isClassified ? 200 : 202, {
      location: `/dead-letters/${id}`,
      ...(replayed ? { 'idempotent-replayed': 'true' } : {}),
      ...preferenceApplied(applied),
    })
  })

  app.get('/dead-letters', ...mayList, admit(admission, 'read'), validateQuery(deadLettersQuerySchema), relay)
  app.get('/dead-letters/:id', ...mayList, ...validId, admitWaiting(admission, waits), relay)

  const readOnly = otherMethods('GET', 'HEAD')
  app.all('/dead-letters/:id/redrive', otherMethods('POST'))
  app.all('/dead-letters', readOnly)
  app.all('/dead-letters/:id', readOnly)
}

/** `seconds`: the longest wait for the outcomes of all together. */
function readRequest(context: Context<SubmissionEnv>, seconds: number): RedriveRequest {
  const { req, var: vars } = context
  const prefer = req.header('prefer')
  const until = performance.now() + seconds * 1_000
  return {
    request: req.raw,
    requestId: vars.requestId,
    by: vars.key?.id ?? ANONYMOUS,
    lenient: prefersLenient(prefer),
    trace: vars.trace ?? requestedTrace(context),
    waitSeconds: () => Math.max(0, Math.ceil((until - performance.now()) / 1_000)),
  }
}
