import { Hono, type MiddlewareHandler } from 'hono'
import { compress } from 'hono/compress'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Access, AccessEnv } from '../backbone/access/authenticate.ts'
import { accessLog } from '../backbone/http/access-log.ts'
import { headLength } from '../backbone/http/head-length.ts'
import type { HealthCheck } from '../backbone/http/health-check.ts'
import { otherMethods } from '../backbone/http/method-not-allowed.ts'
import { notificationsQuerySchema } from '../backbone/http/notifications-query.ts'
import { refuseForeignPages } from '../backbone/http/refuse-foreign-pages.ts'
import { serviceRoutes } from '../backbone/http/service-routes.ts'
import { validateEventId, validateNoQuery, validateQuery } from '../backbone/http/validate-request.ts'
import { toProblem } from '../backbone/problem.ts'
import { measureRequests } from '../backbone/process/metrics.ts'
import type { AcceptCheckout, Accepted } from './checkout/accept-checkout.ts'
import { checkoutRoutes } from './checkout/checkout-routes.ts'
import type { IdempotencyWindow } from './checkout/idempotency-window.ts'
import { readSubmission, type SubmissionEnv } from './checkout/read-submission.ts'
import { answerHeaders, crossOrigin } from './http/browser-headers.ts'
import { closeSession, openSession } from './http/session.ts'
import { type ApiDescription, answersOf, describeApi } from './openapi/describe-api.ts'
import { docsAsset } from './openapi/docs-assets.ts'
import { docsPage } from './openapi/docs-page.ts'
import type { Admission } from './overload/admission.ts'
import { admit, admitWaiting } from './overload/admission-middleware.ts'
import type { QueuePlaces } from './overload/queue-ticket.ts'
import { type AddressRate, limitAddress, limitKey } from './overload/rate-limit.ts'
import { createWaits, type Waits } from './overload/wait-limit.ts'
import type { ResultsProxy } from './results/results-proxy.ts'

const MOST_WAITS = 1_000
const readOnly = otherMethods('GET', 'HEAD')

interface AppOptions {
  access: Access
  admission: Admission
  places: QueuePlaces
  /** Throws `overloaded` when a buyer who has been trying since then would find no room at the publisher's. */
  checkRoom: (since: number) => void
  accept: AcceptCheckout
  window: Pick<IdempotencyWindow<Accepted>, 'hasUsed' | 'accepted'>
  results: ResultsProxy
  /** What this gateway depends on. */
  checks: () => HealthCheck[]
  maxBodyBytes: number
  maxBatchBytes: number
  bodyTimeoutMs: number
  /** Besides those of loopback; undefined: any. */
  allowedHosts: readonly string[] | undefined
  /** Of the pages that may read the answers. */
  origins: readonly string[]
  addressRate: AddressRate
  registry: Registry
  log: Logger
}

/** All that is asked of a gateway, over HTTP. */
export function createApp(options: AppOptions): Hono<SubmissionEnv> {
  const { access, admission, checks, allowedHosts, origins, registry, log } = options
  const app = new Hono<SubmissionEnv>({ strict: false })
  const onInternal = (error: unknown, id: string) =>
    log.error({ requestId: id, err: error }, 'Request failed')
  const description = describeApi()
  app.use(measureRequests(registry, answersOf(description)))
  app.get('*', headLength)
  app.use(answerHeaders)
  if (origins.length > 0) app.use(crossOrigin(origins))
  if (log.isLevelEnabled('debug')) app.use(accessLog(log))
  if (allowedHosts) app.use(refuseForeignPages({ hosts: allowedHosts, origins }))
  const limits: RateLimits = { ofAddress: limitAddress(options.addressRate), ofKey: limitKey() }
  const waits = createWaits(MOST_WAITS)

  // Asserted: what wants less of a context is content with more of it, which the types of Hono do not see.
  const mayWrite = [
    limits.ofAddress,
    access.requires('write'),
    limits.ofKey,
    readSubmission(options.places),
  ] as MiddlewareHandler<SubmissionEnv>[]
  app.on('POST', ['/checkout', '/checkout/batch'], ...mayWrite)
  checkoutRoutes(app, { ...options, waits, onInternal })
  resultsRoutes(app, options, limits, waits)

  const mayOpenSession = [limits.ofAddress, access.requiresAny, limits.ofKey] as const
  app.post('/session', ...mayOpenSession, admit(admission, 'read'), openSession)
  app.delete('/session', closeSession)
  app.all('/session', otherMethods('POST', 'DELETE'))

  descriptionRoutes(app, description, limits.ofAddress, admit(admission, 'page'))
  serviceRoutes(app, { checks, onInternal, registry, mayOperate: access.requires('operate') })
  return app
}

interface RateLimits {
  ofAddress: MiddlewareHandler<AccessEnv>
  ofKey: MiddlewareHandler<AccessEnv>
}

/** What the processors serve, and what this gateway has accepted and they do not know yet. */
function resultsRoutes(
  app: Hono<SubmissionEnv>,
  { access, admission, results, window }: AppOptions,
  { ofAddress, ofKey }: RateLimits,
  waits: Waits,
): void {
  const mayAskToRead = [ofAddress, access.requires('read'), ofKey] as const
  const mayRead = [...mayAskToRead, admit(admission, 'read')] as const
  const admitEvent = admitWaiting(admission, waits)
  const validEvent = [validateEventId(), validateNoQuery()] as const
  app.get('/checkout/:eventId', ...mayAskToRead, ...validEvent, admitEvent, async (context) => {
    const { eventId } = context.req.valid('param')
    const fromPool = await results(context.req.raw, context.var.requestId).catch(toProblem)
    const known = fromPool instanceof Response && fromPool.status !== 404
    if (!known && window.accepted(eventId, context.var.identity)) {
      if (fromPool instanceof Response) await fromPool.body?.cancel()
      return context.json({ status: 'accepted' })
    }
    if (fromPool instanceof Response) return fromPool
    throw fromPool
  })
  const validQuery = validateQuery(notificationsQuerySchema)
  app.get('/notifications', ...mayRead, validQuery, ({ req, var: { requestId: id } }) => results(req.raw, id))
  app.get('/notifications/stream', ...mayRead, validQuery, ({ req, var: { requestId: id } }) =>
    results(req.raw, id),
  )
  for (const route of ['/checkout/:eventId', '/notifications', '/notifications/stream'])
    app.all(route, readOnly)
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
