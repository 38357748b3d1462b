import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { compress } from 'hono/compress'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Access, AccessEnv } from '../backbone/access/authenticate.ts'
import { accessLog } from '../backbone/http/access-log.ts'
import { headLength } from '../backbone/http/head-length.ts'
import type { HealthCheck } from '../backbone/http/health-check.ts'
import { otherMethods } from '../backbone/http/method-not-allowed.ts'
import {
  checkoutsQuerySchema,
  exportQuerySchema,
  notificationsQuerySchema,
} from '../backbone/http/notifications-query.ts'
import { checkForeignRequests, checkSessionRequests } from '../backbone/http/reject-foreign-requests.ts'
import { serviceRoutes } from '../backbone/http/service-routes.ts'
import { slowQuerySchema } from '../backbone/http/slow-query.ts'
import { validateEventId, validateNoQuery, validateQuery } from '../backbone/http/validate-request.ts'
import { toProblem } from '../backbone/problem.ts'
import { measureRequests } from '../backbone/process/metrics.ts'
import { createRequestTrace } from '../backbone/tracing/trace-requests.ts'
import type { Tracing } from '../backbone/tracing/tracing.ts'
import type { AcceptCheckout, Accepted } from './checkout/accept-checkout.ts'
import { acceptedTimeline } from './checkout/accepted-timeline.ts'
import { checkoutRoutes } from './checkout/checkout-routes.ts'
import type { AnswerCounts } from './checkout/count-answers.ts'
import type { IdempotencyWindow } from './checkout/idempotency-window.ts'
import { readSubmission, type SubmissionEnv } from './checkout/read-submission.ts'
import { consoleRoutes } from './console/console-routes.ts'
import { deadLetterRoutes } from './dead-letters/dead-letter-routes.ts'
import type { Redrive } from './dead-letters/redrive.ts'
import { demoRoutes } from './demo/demo-routes.ts'
import { forecastRoutes } from './forecast/forecast-routes.ts'
import { answerHeaders, crossOrigin } from './http/browser-headers.ts'
import { closeSession, openSession } from './http/session.ts'
import { messagesRoutes } from './messages/messages-routes.ts'
import { type ApiDescription, answersOf, describeApi } from './openapi/describe-api.ts'
import { docsAsset } from './openapi/docs-assets.ts'
import { docsPage } from './openapi/docs-page.ts'
import { answerOperations, type OperationsOptions } from './operations/answer-operations.ts'
import { type PublishLoad, postLoad } from './operations/post-load.ts'
import type { Admission } from './overload/admission.ts'
import { admit, admitWaiting } from './overload/admission-middleware.ts'
import type { QueueTickets } from './overload/queue-ticket.ts'
import { type AddressRate, inForce, limitAddress, limitKey } from './overload/rate-limit.ts'
import { createWaitLimit, type WaitLimit } from './overload/wait-limit.ts'
import { partitionsRoutes } from './partitions/partitions-routes.ts'
import type { AskDeliveries } from './results/ask-deliveries.ts'
import { completeTimeline } from './results/complete-timeline.ts'
import { relayRead } from './results/relay-read.ts'
import type { RelayWrite } from './results/relay-write.ts'
import type { ResultsProxy } from './results/results-proxy.ts'

const MOST_WAITS = 1_000
const readOnly = otherMethods('GET', 'HEAD')

interface AppOptions {
  access: Access
  admission: Admission
  tickets: QueueTickets
  /** Throws `overloaded` if the publisher has no room for a purchase whose client first tried at `since`. */
  checkRoom: (since: number) => void
  accept: AcceptCheckout
  window: Pick<IdempotencyWindow<Accepted>, 'hasUsed' | 'use' | 'accepted'>
  results: ResultsProxy
  askDeliveries: AskDeliveries
  relayWrite: RelayWrite
  operations: Omit<OperationsOptions, 'results'>
  redrive: Redrive
  answers: Pick<AnswerCounts, 'answered'>
  publishLoad: PublishLoad
  /** State of the dependencies. */
  checks: () => HealthCheck[]
  maxBodyBytes: number
  maxBatchBytes: number
  bodyTimeoutMs: number
  /** Accepted host names besides those of loopback; undefined: any. */
  allowedHosts: readonly string[] | undefined
  /** Origins of the web pages that may read the answers. */
  origins: readonly string[]
  addressRate: AddressRate
  /** Whether to serve the demonstration shop. */
  demo: boolean
  /** Undefined: without traces. */
  tracing?: Tracing | undefined
  registry: Registry
  log: Logger
}

/** All routes of a gateway. */
export function createApp(options: AppOptions): Hono<SubmissionEnv> {
  const { access, admission, checks, allowedHosts, origins, registry, log } = options
  const app = new Hono<SubmissionEnv>({ strict: false })
  const onInternal = (error: unknown, id: string) =>
    log.error({ requestId: id, err: error }, 'Request failed')
  const description = describeApi()
  const { answered } = options.answers
  const trace = options.tracing && createRequestTrace(options.tracing)
  app.use(measureRequests(registry, answersOf(description), { answered, trace }))
  app.get('*', headLength)
  if (log.isLevelEnabled('debug')) app.use(accessLog(log))
  const check = allowedHosts
    ? checkForeignRequests({ hosts: allowedHosts, origins })
    : checkSessionRequests(origins)
  app.use(answerHeaders(check))
  if (origins.length > 0) app.use(crossOrigin(origins))
  const limits: RateLimits = { ofAddress: limitAddress(options.addressRate), ofKey: limitKey(access.hasKeys) }
  const waits = createWaitLimit(MOST_WAITS)

  // Asserted: a middleware that needs a smaller context also works with a larger one, but Hono's types do not
  // allow that.
  const mayWrite = inForce([
    limits.ofAddress,
    access.requires('write'),
    limits.ofKey,
    readSubmission(options.tickets),
  ] as MiddlewareHandler<SubmissionEnv>[])
  app.on('POST', ['/checkout', '/checkout/batch'], ...mayWrite)
  checkoutRoutes(app, { ...options, waits, onInternal })
  resultsRoutes(app, options, limits, waits)
  operationsRoutes(app, options, limits)
  const mayOperate = access.requires('operate')
  partitionsRoutes(app, { ...options, limits, mayOperate })
  forecastRoutes(app, { ...options, limits, mayOperate })
  messagesRoutes(app, { ...options, limits, mayOperate })
  deadLetterRoutes(app, { ...options, limits, requires: access.requires, waits, onInternal })

  const mayOpenSession = [limits.ofAddress, access.requiresAny, limits.ofKey] as const
  app.post('/session', ...mayOpenSession, admit(admission, 'read'), openSession)
  app.delete('/session', closeSession)
  app.all('/session', otherMethods('POST', 'DELETE'))

  descriptionRoutes(app, description, limits.ofAddress, admit(admission, 'page'))
  const pages = { ofAddress: limits.ofAddress, onInternal, log }
  consoleRoutes(app, { ...pages, mayOperate })
  if (options.demo) demoRoutes(app, { ...pages, access })
  serviceRoutes(app, { checks, onInternal, registry, mayOperate })
  return app
}

interface RateLimits {
  ofAddress: MiddlewareHandler<AccessEnv>
  ofKey: MiddlewareHandler<AccessEnv>
}

/** Results from the processors, and the status of checkouts that only this gateway knows. */
function resultsRoutes(
  app: Hono<SubmissionEnv>,
  { access, admission, results, askDeliveries, window }: AppOptions,
  { ofAddress, ofKey }: RateLimits,
  waits: WaitLimit,
): void {
  const mayAskToRead = [ofAddress, access.requires('read'), ofKey] as const
  const mayRead = [...mayAskToRead, admit(admission, 'read')] as const
  const admitEvent = admitWaiting(admission, waits)
  const validEvent = [validateEventId(), validateNoQuery()] as const
  const relay = relayRead(results)
  /** The processors' answer about an event; or this gateway's, as long as only it knows the event. */
  async function answerFor(
    eventId: string,
    context: Context<SubmissionEnv>,
    ofAccepted: (answer: Accepted) => object,
  ): Promise<Response> {
    const fromPool = await relay(context).catch(toProblem)
    const known = fromPool instanceof Response && fromPool.status !== 404
    const accepted = known ? undefined : window.accepted(eventId, context.var.identity)
    if (accepted) {
      if (fromPool instanceof Response) await fromPool.body?.cancel()
      return Response.json(ofAccepted(accepted))
    }
    if (fromPool instanceof Response) return fromPool
    throw fromPool
  }
  app.get('/checkout/:eventId', ...mayAskToRead, ...validEvent, admitEvent, (context) =>
    answerFor(context.req.valid('param').eventId, context, () => ({ status: 'accepted' })),
  )
  app.get(
    '/checkouts/:eventId/timeline',
    ...mayAskToRead,
    access.requires('operate'),
    ...validEvent,
    admitEvent,
    async (context) => {
      const { eventId } = context.req.valid('param')
      const { req, var: vars } = context
      const answer = await answerFor(eventId, context, acceptedTimeline)
      return completeTimeline(answer, () => askDeliveries(eventId, req.raw, vars.requestId, vars.trace))
    },
  )
  const validQuery = validateQuery(notificationsQuerySchema)
  app.get('/notifications', ...mayRead, validQuery, relay)
  app.get('/notifications/stream', ...mayRead, validQuery, relay)
  app.get('/checkouts', ...mayRead, validateQuery(checkoutsQuerySchema), relay)
  const validExport = validateQuery(exportQuerySchema)
  app.get('/notifications/export', ...mayRead, validExport, relay)
  app.get('/insights/slow', ...mayRead, validateQuery(slowQuerySchema), relay)
  for (const route of [
    '/insights/slow',
    '/checkout/:eventId',
    '/checkouts',
    '/checkouts/:eventId/timeline',
    '/notifications',
    '/notifications/stream',
    '/notifications/export',
  ])
    app.all(route, readOnly)
}

/** The state of the system, and figures of load runs. */
function operationsRoutes(
  app: Hono<SubmissionEnv>,
  { access, admission, results, operations, publishLoad, bodyTimeoutMs }: AppOptions,
  { ofAddress, ofKey }: RateLimits,
): void {
  const guards = [ofAddress, access.requires('operate'), ofKey, admit(admission, 'operate')] as const
  const answer = answerOperations({ ...operations, results })
  const noQuery = validateNoQuery()
  app.get('/operations', ...guards, noQuery, ({ req, var: vars }) =>
    answer.state({ ...vars, request: req.raw }),
  )
  app.get('/operations/stream', ...guards, noQuery, ({ req, var: vars }) =>
    answer.stream({ ...vars, request: req.raw }),
  )
  for (const route of ['/operations', '/operations/stream']) app.all(route, readOnly)

  // Not admitted: under overload its figures matter most, and their rate is limited.
  const mayReport = [ofAddress, access.requires('operate'), ofKey] as const
  app.post('/operations/load', ...mayReport, postLoad({ publish: publishLoad, bodyTimeoutMs }))
  app.all('/operations/load', otherMethods('POST'))
}

function descriptionRoutes(
  app: Hono<SubmissionEnv>,
  description: ApiDescription,
  ofAddress: MiddlewareHandler<AccessEnv>,
  admitPage: MiddlewareHandler,
): void {
  app.get('/openapi.json', ofAddress, admitPage, (context) => context.json(description))
  app.get('/docs', ofAddress, admitPage, docsPage)
  app.get('/docs/:asset', ofAddress, admitPage, compress(), docsAsset)
  for (const route of ['/openapi.json', '/docs', '/docs/:asset']) app.all(route, readOnly)
}
