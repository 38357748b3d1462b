import { Hono } from 'hono'
import type { Logger } from 'pino'
import { EVENT_ID } from '../backbone/event-id.ts'
import { otherMethods } from '../backbone/other-methods.ts'
import { preferredWait } from '../backbone/prefer-wait.ts'
import { ProblemError, toProblem } from '../backbone/problem.ts'
import { serviceRoutes } from '../backbone/service-routes.ts'
import type { AcceptCheckout } from './accept-checkout.ts'
import { accessLog } from './access-log.ts'
import { describeApi } from './api-description/describe-api.ts'
import { docsPage, docsPagePolicy } from './api-description/docs-page.ts'
import { awaitOutcome } from './await-outcome.ts'
import { crossOrigin, securityHeaders } from './browser-headers.ts'
import { parseIdempotencyKey } from './idempotency-key.ts'
import { postBatch } from './post-batch.ts'
import {
  receiveBody,
  requireJson,
  requireJsonOrNdjson,
  requireUtf8,
  validateCheckout,
} from './read-checkout.ts'
import type { ResultsProxy } from './results-proxy.ts'
import { wellFormedTraceParent } from './trace-parent.ts'

interface AppOptions {
  accept: AcceptCheckout
  /** Whether this gateway knows that the event was accepted. */
  accepted: (eventId: string) => boolean
  results: ResultsProxy
  /** What keeps this gateway from serving, or undefined when it can. */
  notReady: () => ProblemError | undefined
  maxBodyBytes: number
  maxBatchBytes: number
  bodyTimeoutMs: number
  /** Of the pages that may read the answers. */
  origins: readonly string[]
  log: Logger
}

// Until there are API keys, everyone is the same one.
const OWNER = 'anonymous'

export function createApp(options: AppOptions): Hono {
  const { accept, accepted, results, notReady, maxBodyBytes, maxBatchBytes, bodyTimeoutMs, origins, log } =
    options
  const app = new Hono()
  const onInternal = (error: unknown) => log.error({ err: error }, 'a request failed')
  app.use(securityHeaders)
  if (origins.length > 0) app.use(crossOrigin(origins))
  if (log.isLevelEnabled('debug')) app.use(accessLog(log))

  app.post(
    '/checkout',
    requireJson,
    receiveBody({ maxBytes: maxBodyBytes, withinMs: bodyTimeoutMs }),
    requireUtf8,
    validateCheckout,
    async (context) => {
      const { answer, replayed } = await accept(context.req.valid('json'), {
        owner: OWNER,
        idempotencyKey: parseIdempotencyKey(context.req.header('idempotency-key')),
        traceparent: wellFormedTraceParent(context.req.header('traceparent')),
      })
      const headers = {
        location: `/checkout/${answer.eventId}`,
        ...(replayed ? { 'idempotent-replayed': 'true' } : {}),
      }
      const seconds = preferredWait(context.req.header('prefer'))
      const outcome =
        seconds > 0 ? await awaitOutcome(results, context.req.raw, answer.eventId, seconds) : undefined
      if (outcome === undefined) return context.json(answer, 202, headers)
      const classified = { ...answer, status: 'classified', outcome }
      return context.json(classified, 200, { ...headers, 'preference-applied': `wait=${seconds}` })
    },
  )
  app.all('/checkout', otherMethods('POST'))

  app.post(
    '/checkout/batch',
    requireJsonOrNdjson,
    receiveBody({ maxBytes: maxBatchBytes, withinMs: bodyTimeoutMs }),
    requireUtf8,
    (context) => postBatch(context, { owner: OWNER, accept, maxRecordBytes: maxBodyBytes, onInternal }),
  )
  app.all('/checkout/batch', otherMethods('POST'))

  app.get('/checkout/:eventId', async (context) => {
    const eventId = context.req.param('eventId')
    if (!EVENT_ID.test(eventId)) throw new ProblemError('unknown-event')
    const fromPool = await results(context.req.raw).catch(toProblem)
    const known = fromPool instanceof Response && fromPool.status !== 404
    if (!known && accepted(eventId)) {
      if (fromPool instanceof Response) await fromPool.body?.cancel()
      return context.json({ status: 'accepted' })
    }
    if (fromPool instanceof Response) return fromPool
    throw fromPool
  })
  app.get('/notifications', ({ req }) => results(req.raw))
  app.get('/notifications/stream', ({ req }) => results(req.raw))

  const readOnly = otherMethods('GET', 'HEAD')
  app.all('/checkout/:eventId', readOnly)
  app.all('/notifications', readOnly)
  app.all('/notifications/stream', readOnly)

  const description = describeApi()
  const page = docsPage(description)
  app.get('/openapi.json', (context) => context.json(description))
  app.get('/docs', async (context) =>
    context.html(await page, 200, { 'content-security-policy': docsPagePolicy }),
  )
  app.all('/openapi.json', readOnly)
  app.all('/docs', readOnly)

  serviceRoutes(app, { notReady, onInternal })
  return app
}
