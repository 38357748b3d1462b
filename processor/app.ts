import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { otherMethods } from '../backbone/other-methods.ts'
import { preferredWait } from '../backbone/prefer-wait.ts'
import { ProblemError } from '../backbone/problem.ts'
import { serviceRoutes } from '../backbone/service-routes.ts'
import { listNotifications } from './list-notifications.ts'
import { parseNotificationsQuery } from './notifications-query.ts'
import type { OutcomeView } from './outcome-view.ts'
import { streamNotifications } from './stream-notifications.ts'

interface AppOptions {
  view: OutcomeView
  /** What keeps this member from serving, or undefined when it can. */
  notReady: () => string | undefined
  /** Whether the view has all that was in the log when this member started: before, it would deny what it does not know yet. */
  caughtUp: () => boolean
  /** From then on nobody may wait here: a gateway that is told so asks the next member. */
  draining: AbortSignal
  onError: (error: unknown) => void
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** The results of all partitions, as REST and as event streams. */
export function createApp({ view, notReady, caughtUp, draining, onError }: AppOptions): Hono {
  const app = new Hono()

  const whenCaughtUp: MiddlewareHandler = (_, next) => {
    if (caughtUp()) return next()
    throw new ProblemError('results-unavailable', { detail: 'this member is still reading the log' })
  }

  const stream = (context: Context) => {
    if (draining.aborted) throw new ProblemError('draining')
    const query = parseNotificationsQuery(context.req.query())
    const lastEventId = context.req.header('last-event-id')
    const gone = context.req.raw.signal
    const frames = streamNotifications(view, query, { lastEventId: lastEventId || undefined, gone, draining })
    return new Response(frames, {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
      },
    })
  }

  app.get('/checkout/:eventId', whenCaughtUp, async (context) => {
    const seconds = preferredWait(context.req.header('prefer'))
    const eventId = context.req.param('eventId')
    const outcome = await view.findWithin(eventId, seconds * 1_000, context.req.raw.signal, draining)
    if (outcome === undefined)
      throw new ProblemError(seconds > 0 && draining.aborted ? 'draining' : 'unknown-event')
    const body = Buffer.concat([Buffer.from('{"status":"classified","outcome":'), outcome, Buffer.from('}')])
    return new Response(body, {
      headers: { ...JSON_TYPE, ...(seconds > 0 ? { 'preference-applied': `wait=${seconds}` } : {}) },
    })
  })

  app.get('/notifications', whenCaughtUp, async (context) => {
    if (context.req.header('accept')?.includes('text/event-stream')) return stream(context)
    const page = await listNotifications(view, parseNotificationsQuery(context.req.query()))
    return new Response(page, { headers: JSON_TYPE })
  })

  app.get('/notifications/stream', whenCaughtUp, stream)

  const readOnly = otherMethods('GET', 'HEAD')
  app.all('/checkout/:eventId', readOnly)
  app.all('/notifications', readOnly)
  app.all('/notifications/stream', readOnly)

  serviceRoutes(app, {
    notReady: () => {
      const detail = notReady()
      return detail === undefined ? undefined : new ProblemError('results-unavailable', { detail })
    },
    onInternal: onError,
  })
  return app
}
