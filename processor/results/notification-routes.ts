import type { Context, Hono, MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { checkoutsQuerySchema, notificationsQuerySchema } from '../../backbone/http/notifications-query.ts'
import { validateQuery } from '../../backbone/http/validate-request.ts'
import { ProblemError } from '../../backbone/problem.ts'
import type { DeliveryMemory } from '../deliveries/delivery-memory.ts'
import type { ReadModel } from '../read-model/outcome-store.ts'
import { confine } from './authorize-query.ts'
import { exportRoute } from './export-route.ts'
import { createFairScheduler } from './fair-scheduler.ts'
import { listNewestFirst } from './list-newest-first.ts'
import { listNotifications } from './list-notifications.ts'
import type { createPresentation } from './mask-outcome.ts'
import { type OutcomesQuery, toCheckoutsQuery, toOutcomesQuery } from './outcomes-query.ts'
import { prefersStream } from './prefers-stream.ts'
import { type OnSent, recordAnswer, recordSearch, recordStream } from './record-sent.ts'
import { createSharedFrames } from './shared-frames.ts'
import { createStreamLimit } from './stream-limit.ts'
import { streamNotifications } from './stream-notifications.ts'
import { validateHeaders } from './validate-headers.ts'

interface StreamRouteOptions {
  readModel: ReadModel
  presentTo: ReturnType<typeof createPresentation>
  deliveries: Pick<DeliveryMemory, 'sent'>
  /** For one key, at this member. */
  mostStreams: number
  /** Counts a stream that begins. Call the result when it ends. */
  streamBegins: () => () => void
  draining: AbortSignal
}

interface NotificationRoutesOptions extends StreamRouteOptions {
  mayRead: MiddlewareHandler<AccessEnv>
  /** Throws while this member does not know all outcomes yet. */
  withResults: MiddlewareHandler
  log: Logger
}

/** Outcomes as a page, as an event stream and as a file, and the search in outcomes of every kind. */
export function notificationRoutes(app: Hono<AccessEnv>, options: NotificationRoutesOptions): void {
  const { mayRead, withResults, readModel, presentTo, deliveries } = options
  const schedule = createFairScheduler()
  const streams = createStreamLimit(options.mostStreams)
  const stream = createStreamResponses(options, streams, schedule)
  const validSearch = [validateQuery(checkoutsQuerySchema)] as const
  const validRead = [validateQuery(notificationsQuerySchema), validateHeaders()] as const

  async function list(context: Context<AccessEnv>, query: OutcomesQuery, onSent: OnSent) {
    const present = presentTo(context.var.identity)
    const reading = { readModel, query, present, schedule, onSent, disconnected: context.req.raw.signal }
    const page = await (query.order === 'desc' ? listNewestFirst(reading) : listNotifications(reading))
    return new Response(page, { headers: { 'content-type': 'application/json' } })
  }

  app.get('/notifications', mayRead, ...validRead, withResults, async (context) => {
    const { identity } = context.var
    const query = confine(toOutcomesQuery(context.req.valid('query')), identity)
    if (prefersStream(context)) return stream(context, query, context.req.valid('header')['last-event-id'])
    return list(context, query, recordAnswer(deliveries, context, query.filter))
  })

  app.get('/checkouts', mayRead, ...validSearch, withResults, (context) => {
    const { identity } = context.var
    const partitions = readModel.partitions().length
    const query = confine(toCheckoutsQuery(context.req.valid('query'), identity, partitions), identity)
    return list(context, query, recordSearch(deliveries, context, query.filter))
  })

  app.get('/notifications/stream', mayRead, ...validRead, withResults, (context) => {
    const query = confine(toOutcomesQuery(context.req.valid('query')), context.var.identity)
    return stream(context, query, context.req.valid('header')['last-event-id'])
  })

  exportRoute(app, { ...options, schedule, streams })
}

function createStreamResponses(
  { readModel, presentTo, deliveries, streamBegins, draining }: StreamRouteOptions,
  streams: ReturnType<typeof createStreamLimit>,
  schedule: () => Promise<void>,
) {
  const framesFor = createSharedFrames(readModel)

  return (context: Context<AccessEnv>, query: OutcomesQuery, lastEventId: string | undefined) => {
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
      // A HEAD has no stream that could end.
      enter: context.req.method === 'GET' ? enter : () => () => undefined,
      lastEventId,
      disconnected: context.req.raw.signal,
      draining,
      credential: identity,
      framesAfter: framesFor(query.filter, presentTo(identity)),
      schedule,
      onSent: recordStream(deliveries, context, query.filter),
    })
    return new Response(frames, {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
      },
    })
  }
}
