import { type Context, Hono, type MiddlewareHandler } from 'hono'
import type { Registry } from 'prom-client'
import type { Access, AccessEnv } from '../backbone/access/authenticate.ts'
import { headLength } from '../backbone/http/head-length.ts'
import type { HealthCheck } from '../backbone/http/health-check.ts'
import { otherMethods } from '../backbone/http/method-not-allowed.ts'
import { notificationsQuerySchema } from '../backbone/http/notifications-query.ts'
import { serviceRoutes } from '../backbone/http/service-routes.ts'
import { validateEventId, validateNoQuery, validateQuery } from '../backbone/http/validate-request.ts'
import { ProblemError } from '../backbone/problem.ts'
import { type KnownAnswers, measureRequests } from '../backbone/process/metrics.ts'
import { countStreams } from './metrics.ts'
import type { ReadModel } from './read-model/outcome-store.ts'
import { confine, mayKnowOutcome } from './results/authorize-query.ts'
import { createTurns } from './results/fair-scheduler.ts'
import { listNotifications } from './results/list-notifications.ts'
import { createPresentation } from './results/mask-outcome.ts'
import { type NotificationsQuery, toNotificationsQuery } from './results/notifications-query.ts'
import { prefersStream } from './results/prefers-stream.ts'
import { createSharedFrames } from './results/shared-frames.ts'
import { createStreamLimit } from './results/stream-limit.ts'
import { streamNotifications } from './results/stream-notifications.ts'
import { validateHeaders } from './results/validate-headers.ts'

interface AppOptions {
  access: Access
  /** The store's name in the messages. */
  storeName: string
  /** Of one key, at this member. */
  mostStreams: number
  readModel: ReadModel
  /** What this member depends on. */
  checks: () => HealthCheck[]
  /** Why this member would deny what it does not know, or undefined when it knows all that there is. */
  withoutResults: () => string | undefined
  /** From then on nobody may wait here: a gateway that is told so asks the next member. */
  draining: AbortSignal
  onError: (error: unknown) => void
  registry: Registry
}

const readRefusals = [400, 401, 403, 500, 503]
const knownAnswers: KnownAnswers[] = [
  { method: 'GET', route: '/checkout/:eventId', statuses: [200, 404, ...readRefusals] },
  { method: 'GET', route: '/notifications', statuses: [200, ...readRefusals] },
  { method: 'GET', route: '/notifications/stream', statuses: [200, ...readRefusals] },
  { method: 'GET', route: '/health/live', statuses: [200] },
  { method: 'GET', route: '/health/ready', statuses: [200, 503] },
  { method: 'GET', route: '/metrics', statuses: [200, 401, 403] },
]

const JSON_TYPE = { 'content-type': 'application/json' }

/** The results of all partitions, as REST and as event streams. */
export function createApp(options: AppOptions): Hono<AccessEnv> {
  const streams = createStreamLimit(options.mostStreams)
  const { access, storeName, readModel, checks, withoutResults, draining, onError, registry } = options
  const streamBegins = countStreams(registry)
  const presentTo = createPresentation(storeName)
  const framesFor = createSharedFrames(readModel)
  const turn = createTurns()
  const app = new Hono<AccessEnv>({ strict: false })
  app.use(measureRequests(registry, knownAnswers))
  app.get('*', headLength)

  const withResults: MiddlewareHandler = (_, next) => {
    const detail = withoutResults()
    if (detail === undefined) return next()
    throw new ProblemError('results-unavailable', { detail })
  }

  const stream = (
    context: Context<AccessEnv>,
    query: NotificationsQuery,
    lastEventId: string | undefined,
  ) => {
    if (draining.aborted) throw new ProblemError('draining')
    const { identity, key } = context.var
    const enter = () => {
      const leave = key ? streams.enter(key.id) : () => undefined
      const ended = streamBegins()
      return () => {
        leave()
        ended()
      }
    }
    const frames = streamNotifications(readModel, query, {
      // A HEAD has no stream to end.
      enter: context.req.method === 'GET' ? enter : () => () => undefined,
      lastEventId,
      disconnected: context.req.raw.signal,
      draining,
      credential: identity,
      framesAfter: framesFor(query.filter, presentTo(identity)),
      turn,
    })
    return new Response(frames, {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
      },
    })
  }

  const mayRead = access.requires('read')
  const validHeaders = validateHeaders()
  const validEvent = [validateEventId(), validateNoQuery(), validHeaders] as const
  app.get('/checkout/:eventId', mayRead, ...validEvent, withResults, async (context) => {
    const seconds = context.req.valid('header').prefer
    const { eventId } = context.req.valid('param')
    const { identity } = context.var
    const found = await readModel.findWithin(eventId, seconds * 1_000, context.req.raw.signal, draining)
    if (found === undefined)
      throw new ProblemError(seconds > 0 && draining.aborted ? 'draining' : 'unknown-event')
    if (!mayKnowOutcome(identity, found)) throw new ProblemError('unknown-event')
    const outcome = presentTo(identity)(found.json)
    const body = Buffer.concat([Buffer.from('{"status":"classified","outcome":'), outcome, Buffer.from('}')])
    return new Response(body, {
      headers: { ...JSON_TYPE, ...(seconds > 0 ? { 'preference-applied': `wait=${seconds}` } : {}) },
    })
  })

  const validRead = [validateQuery(notificationsQuerySchema), validHeaders] as const
  app.get('/notifications', mayRead, ...validRead, withResults, async (context) => {
    const { identity } = context.var
    const query = confine(toNotificationsQuery(context.req.valid('query')), identity)
    if (prefersStream(context)) return stream(context, query, context.req.valid('header')['last-event-id'])
    const page = await listNotifications(readModel, query, presentTo(identity), turn)
    return new Response(page, { headers: JSON_TYPE })
  })

  app.get('/notifications/stream', mayRead, ...validRead, withResults, (context) => {
    const query = confine(toNotificationsQuery(context.req.valid('query')), context.var.identity)
    return stream(context, query, context.req.valid('header')['last-event-id'])
  })

  const readOnly = otherMethods('GET', 'HEAD')
  app.all('/checkout/:eventId', readOnly)
  app.all('/notifications', readOnly)
  app.all('/notifications/stream', readOnly)

  serviceRoutes(app, {
    checks,
    onInternal: onError,
    registry,
    mayOperate: access.requires('operate'),
  })
  return app
}
