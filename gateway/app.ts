import { Hono, type MiddlewareHandler } from 'hono'
import { compress } from 'hono/compress'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Access } from '../backbone/access/authenticate.ts'
import { headLength } from '../backbone/http/head-length.ts'
import type { HealthCheck } from '../backbone/http/health-check.ts'
import { otherMethods } from '../backbone/http/method-not-allowed.ts'
import { notificationsQuerySchema } from '../backbone/http/notifications-query.ts'
import { preferredWait } from '../backbone/http/prefer-wait.ts'
import { prefersLenient } from '../backbone/http/preferences.ts'
import { serviceRoutes } from '../backbone/http/service-routes.ts'
import { validateEventId, validateNoQuery, validateQuery } from '../backbone/http/validate-request.ts'
import { toProblem } from '../backbone/problem.ts'
import { measureRequests } from '../backbone/process/metrics.ts'
import { canonicalCheckout } from '../backbone/records/checkout.ts'
import { type AcceptCheckout, type Accepted, mayRepeat, type Submission } from './checkout/accept-checkout.ts'
import { awaitOutcome } from './checkout/await-outcome.ts'
import { contentCoding, decodeBody } from './checkout/content-coding.ts'
import { refuseBrowsersEarly, refuseEarly } from './checkout/early-rejection.ts'
import { ownIdempotencyKey } from './checkout/idempotency-key.ts'
import type { IdempotencyWindow } from './checkout/idempotency-window.ts'
import { assertJson, batchFormat } from './checkout/media-type.ts'
import { postBatch } from './checkout/post-batch.ts'
import { checkoutFrom, jsonOf } from './checkout/read-checkout.ts'
import { readSubmission, type SubmissionEnv } from './checkout/read-submission.ts'
import { createBodyReceiver } from './checkout/receive-body.ts'
import { assertSigned } from './checkout/request-signature.ts'
import { accessLog } from './http/access-log.ts'
import { crossOrigin, securityHeaders } from './http/browser-headers.ts'
import { closeSession, openSession } from './http/session.ts'
import { answersOf, describeApi } from './openapi/describe-api.ts'
import { docsAsset } from './openapi/docs-assets.ts'
import { docsPage } from './openapi/docs-page.ts'
import type { Admission } from './overload/admission.ts'
import { admit, admitWaiting } from './overload/admission-middleware.ts'
import type { QueuePlaces } from './overload/queue-ticket.ts'
import { type AddressRate, limitAddress, limitKey } from './overload/rate-limit.ts'
import { createWaits } from './overload/wait-limit.ts'
import type { ResultsProxy } from './results/results-proxy.ts'

// Of batches, beside the queue's 32 MiB and the answers that are remembered, in the 512 MiB that a gateway is given.
const MOST_RECEIVING_BYTES = 64 * 1024 * 1024
const MOST_WAITS = 1_000

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
  /** Of the pages that may read the answers. */
  origins: readonly string[]
  addressRate: AddressRate
  registry: Registry
  log: Logger
}

export function createApp(options: AppOptions): Hono<SubmissionEnv> {
  const { access, admission, accept, results, checks, window, origins, registry, log } = options
  const { maxBodyBytes, maxBatchBytes, bodyTimeoutMs } = options
  const app = new Hono<SubmissionEnv>({ strict: false })
  const onInternal = (error: unknown) => log.error({ err: error }, 'a request failed')
  const description = describeApi()
  app.use(measureRequests(registry, answersOf(description)))
  app.get('*', headLength)
  app.use(securityHeaders)
  if (origins.length > 0) app.use(crossOrigin(origins))
  if (log.isLevelEnabled('debug')) app.use(accessLog(log))
  const ofAddress = limitAddress(options.addressRate)
  const ofKey = limitKey()
  const isRepetition = (submission: Submission) => mayRepeat(window, submission)
  // Asserted: what wants less of a context is content with more of it, which the types of Hono do not see.
  const mayWrite = [
    ofAddress,
    access.requires('write'),
    ofKey,
    readSubmission(options.places),
  ] as MiddlewareHandler<SubmissionEnv>[]
  const mayAskToRead = [ofAddress, access.requires('read'), ofKey] as const
  const mayRead = [...mayAskToRead, admit(admission, 'read')] as const
  const waits = createWaits(MOST_WAITS)
  const page = admit(admission, 'page')

  app.on('POST', ['/checkout', '/checkout/batch'], ...mayWrite)
  const receiveCheckout = createBodyReceiver({ maxBytes: maxBodyBytes, withinMs: bodyTimeoutMs })
  const refuseUnread = refuseEarly({ admission, mayRepeat: isRepetition, checkRoom: options.checkRoom })
  const refuseBrowsers = refuseBrowsersEarly({ admission, mayRepeat: isRepetition })
  app.post('/checkout', async (context) => {
    const unread = context.get('submission')
    refuseUnread(context, unread)
    const coding = contentCoding(context.req)
    assertJson(context.req)
    const body = await receiveCheckout(context)
    assertSigned(context.req, body, context.get('key'))
    const json = jsonOf(decodeBody(body, coding, maxBodyBytes))
    const submission = withOwnKey(unread, json)
    refuseBrowsers(submission, json)
    const prefer = context.req.header('prefer')
    const lenient = prefersLenient(prefer)
    const submitted = checkoutFrom(json, lenient)
    const { answer, replayed } = await accept(submitted, submission)
    const applied = lenient ? ['handling=lenient'] : []
    const headers = {
      location: `/checkout/${answer.eventId}`,
      ...(replayed ? { 'idempotent-replayed': 'true' } : {}),
    }
    const seconds = preferredWait(prefer)
    const outcome =
      seconds > 0 && !waits.areFull()
        ? await waits.hold(() => {
            const stored = { ...answer, value: canonicalCheckout(submitted.checkout) }
            return awaitOutcome(results, context.req.raw, stored, seconds)
          })
        : undefined
    if (outcome === undefined) return jsonResponse(answer, 202, { ...headers, ...preferenceApplied(applied) })
    const classified = { ...answer, status: 'classified', outcome }
    applied.push(`wait=${seconds}`)
    return jsonResponse(classified, 200, { ...headers, ...preferenceApplied(applied) })
  })
  app.all('/checkout', otherMethods('POST'))

  const receiveBatch = createBodyReceiver({
    maxBytes: maxBatchBytes,
    withinMs: bodyTimeoutMs,
    mostTogetherBytes: MOST_RECEIVING_BYTES,
  })
  app.post('/checkout/batch', async (context) => {
    refuseUnread(context, context.get('submission'))
    const coding = contentCoding(context.req)
    const format = batchFormat(context.req)
    const received = await receiveBatch(context)
    assertSigned(context.req, received, context.get('key'))
    const body = decodeBody(received, coding, maxBatchBytes)
    return postBatch(context, { body, format }, { accept, maxRecordBytes: maxBodyBytes, onInternal })
  })
  app.all('/checkout/batch', otherMethods('POST'))

  const admitEvent = admitWaiting(admission, waits)
  const validEvent = [validateEventId(), validateNoQuery()] as const
  app.get('/checkout/:eventId', ...mayAskToRead, ...validEvent, admitEvent, async (context) => {
    const { eventId } = context.req.valid('param')
    const fromPool = await results(context.req.raw).catch(toProblem)
    const known = fromPool instanceof Response && fromPool.status !== 404
    if (!known && window.accepted(eventId, context.var.identity)) {
      if (fromPool instanceof Response) await fromPool.body?.cancel()
      return context.json({ status: 'accepted' })
    }
    if (fromPool instanceof Response) return fromPool
    throw fromPool
  })
  const validQuery = validateQuery(notificationsQuerySchema)
  app.get('/notifications', ...mayRead, validQuery, ({ req }) => results(req.raw))
  app.get('/notifications/stream', ...mayRead, validQuery, ({ req }) => results(req.raw))

  const readOnly = otherMethods('GET', 'HEAD')
  app.all('/checkout/:eventId', readOnly)
  app.all('/notifications', readOnly)
  app.all('/notifications/stream', readOnly)

  app.post('/session', ofAddress, access.requiresAny, ofKey, admit(admission, 'read'), openSession)
  app.delete('/session', closeSession)
  app.all('/session', otherMethods('POST', 'DELETE'))

  app.get('/openapi.json', ofAddress, page, (context) => context.json(description))
  app.get('/docs', ofAddress, page, docsPage)
  app.get('/docs/:asset', ofAddress, page, compress(), docsAsset)
  app.all('/openapi.json', readOnly)
  app.all('/docs', readOnly)
  app.all('/docs/:asset', readOnly)

  serviceRoutes(app, { checks, onInternal, registry, mayOperate: access.requires('operate') })
  return app
}

/** Alone, a header says more than a field: a client that sent both until now has had its events by the header. */
const withOwnKey = (submission: Submission, json: unknown): Submission => ({
  ...submission,
  idempotencyKey: submission.idempotencyKey ?? ownIdempotencyKey(json),
})
/** RFC 7240, section 3. */
const preferenceApplied = (preferences: string[]): Record<string, string> =>
  preferences.length > 0 ? { 'preference-applied': preferences.join(', ') } : {}

/** As `context.json` makes it, without asking first what was prepared for it. */
const jsonResponse = (body: object, status: number, headers: Record<string, string>) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
