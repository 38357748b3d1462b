import { Hono, type MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Access, AccessEnv } from '../backbone/access/authenticate.ts'
import { accessLog } from '../backbone/http/access-log.ts'
import { headLength } from '../backbone/http/head-length.ts'
import type { HealthCheck } from '../backbone/http/health-check.ts'
import { otherMethods } from '../backbone/http/method-not-allowed.ts'
import { rejectForeignRequests } from '../backbone/http/reject-foreign-requests.ts'
import { requestId } from '../backbone/http/request-id.ts'
import { serviceRoutes } from '../backbone/http/service-routes.ts'
import { ProblemError } from '../backbone/problem.ts'
import { type KnownAnswers, measureRequests } from '../backbone/process/metrics.ts'
import { createRequestTrace } from '../backbone/tracing/trace-requests.ts'
import type { Tracing } from '../backbone/tracing/tracing.ts'
import { type DeadLetters, deadLetterRoutes } from './dead-letters/dead-letter-routes.ts'
import { deliveriesRoute } from './deliveries/deliveries-route.ts'
import type { DeliveryMemory } from './deliveries/delivery-memory.ts'
import { forecastRoutes } from './history/forecast-routes.ts'
import type { Forecasts } from './history/open-history.ts'
import { insightsRoute } from './insights/insights-route.ts'
import type { shareAnswers } from './insights/share-answers.ts'

import type { PartitionGrowth } from './layout/grow-partitions.ts'
import { partitionsRoutes } from './layout/partitions-routes.ts'
import { messagesRoutes } from './messages/messages-routes.ts'
import type { MessageFiles } from './messages/read-messages.ts'

import type { SystemObserver } from './operations/observe-system.ts'
import { operationsRoutes } from './operations/operations-routes.ts'
import type { ReadModel } from './read-model/outcome-store.ts'
import { eventRoute } from './results/event-route.ts'
import { createPresentation } from './results/mask-outcome.ts'
import { notificationRoutes } from './results/notification-routes.ts'
import { type ComposeTimeline, timelineRoute } from './timeline/timeline-route.ts'

interface AppOptions {
  access: Access
  /** Accepted host names besides those of loopback; undefined: any. */
  allowedHosts: readonly string[] | undefined
  messageFiles: MessageFiles
  /** For one key, at this member. */
  mostStreams: number
  readModel: ReadModel
  /** Undefined: this member only classifies. */
  deadLetters: DeadLetters | undefined
  composeTimeline: ComposeTimeline
  askWhySlow: ReturnType<typeof shareAnswers>
  deliveries: DeliveryMemory
  /** Undefined if this member only classifies. */
  observer: SystemObserver | undefined
  /** Undefined if this member only classifies. */
  forecasts: Forecasts | undefined
  /** Undefined if this member only classifies. */
  growth: PartitionGrowth | undefined
  /** State of the dependencies. */
  checks: () => HealthCheck[]
  /** Why this member cannot know all outcomes yet; undefined if it does. */
  withoutResults: () => string | undefined
  /** Counts a stream that begins. Call the result when it ends. */
  streamBegins: () => () => void
  /** Once it aborts, no request waits here: the gateway then asks the next member. */
  draining: AbortSignal
  onError: (error: unknown, requestId: string) => void
  /** Undefined: without traces. */
  tracing?: Tracing | undefined
  registry: Registry
  log: Logger
}

const readRefusals = [400, 401, 403, 500, 503]
const knownAnswers: KnownAnswers[] = [
  { method: 'GET', route: '/checkout/:eventId', statuses: [200, 404, ...readRefusals] },
  { method: 'GET', route: '/checkouts/:eventId/timeline', statuses: [200, 404, ...readRefusals] },
  { method: 'GET', route: '/checkouts/:eventId/deliveries', statuses: [200, ...readRefusals] },
  { method: 'GET', route: '/checkouts', statuses: [200, ...readRefusals] },
  { method: 'GET', route: '/notifications', statuses: [200, ...readRefusals] },
  { method: 'GET', route: '/notifications/stream', statuses: [200, ...readRefusals] },
  { method: 'GET', route: '/dead-letters', statuses: [200, ...readRefusals] },
  { method: 'GET', route: '/dead-letters/:id', statuses: [200, 404, ...readRefusals] },
  { method: 'GET', route: '/notifications/export', statuses: [200, ...readRefusals] },
  { method: 'GET', route: '/insights/slow', statuses: [200, ...readRefusals] },
  { method: 'GET', route: '/operations', statuses: [200, ...readRefusals] },
  { method: 'GET', route: '/operations/stream', statuses: [200, 429, ...readRefusals] },
  { method: 'GET', route: '/operations/partitions', statuses: [200, ...readRefusals] },
  { method: 'POST', route: '/operations/partitions', statuses: [200, 202, 413, 422, ...readRefusals] },
  { method: 'GET', route: '/forecast', statuses: [200, ...readRefusals] },
  { method: 'POST', route: '/forecast/events', statuses: [200, 201, 413, 422, ...readRefusals] },
  { method: 'DELETE', route: '/forecast/events/:id', statuses: [204, 404, ...readRefusals] },
  { method: 'GET', route: '/messages', statuses: [200, ...readRefusals] },
  { method: 'POST', route: '/messages/preview', statuses: [200, 413, 422, ...readRefusals] },
  { method: 'GET', route: '/health/live', statuses: [200] },
  { method: 'GET', route: '/health/ready', statuses: [200, 503] },
  { method: 'GET', route: '/metrics', statuses: [200, 401, 403] },
]

/** Routes for the results of all partitions, as REST and as event streams. */
export function createApp(options: AppOptions): Hono<AccessEnv> {
  const {
    access,
    allowedHosts,
    messageFiles,
    mostStreams,
    streamBegins,
    readModel,
    draining,
    registry,
    log,
  } = options
  const app = new Hono<AccessEnv>({ strict: false })
  app.use(requestId)
  const trace = options.tracing && createRequestTrace(options.tracing)
  app.use(measureRequests(registry, knownAnswers, { trace }))
  app.get('*', headLength)
  if (log.isLevelEnabled('debug')) app.use(accessLog(log))
  if (allowedHosts) app.use(rejectForeignRequests({ hosts: allowedHosts, origins: [] }))

  const withResults: MiddlewareHandler = (_, next) => {
    const detail = options.withoutResults()
    if (detail === undefined) return next()
    throw new ProblemError('results-unavailable', { detail })
  }
  const reads = {
    mayRead: access.requires('read'),
    withResults,
    readModel,
    presentTo: createPresentation(messageFiles.messages),
    deliveries: options.deliveries,
    draining,
  }
  const mayOperate = access.requires('operate')
  eventRoute(app, reads)
  timelineRoute(app, { ...reads, mayOperate, composeTimeline: options.composeTimeline })
  deliveriesRoute(app, { ...reads, mayOperate })
  notificationRoutes(app, { ...reads, mostStreams, streamBegins, log })

  insightsRoute(app, { ...reads, askWhySlow: options.askWhySlow })
  operationsRoutes(app, { mayOperate, observer: options.observer, draining })
  partitionsRoutes(app, { mayOperate, growth: options.growth })
  forecastRoutes(app, { mayOperate, forecasts: options.forecasts })
  messagesRoutes(app, { mayOperate, messageFiles })
  deadLetterRoutes(app, { ...reads, mayOperate, deadLetters: options.deadLetters })

  const readOnly = otherMethods('GET', 'HEAD')
  app.all('/checkout/:eventId', readOnly)
  app.all('/checkouts', readOnly)
  app.all('/checkouts/:eventId/timeline', readOnly)
  app.all('/checkouts/:eventId/deliveries', readOnly)
  app.all('/notifications', readOnly)
  app.all('/notifications/stream', readOnly)
  app.all('/notifications/export', readOnly)
  app.all('/insights/slow', readOnly)
  app.all('/operations', readOnly)
  app.all('/operations/stream', readOnly)

  serviceRoutes(app, {
    checks: options.checks,
    onInternal: options.onError,
    registry,
    mayOperate,
  })
  return app
}
