import type { Context } from 'hono'
import { preferredWait } from '../../backbone/http/prefer-wait.ts'
import { preferenceApplied, prefersLenient } from '../../backbone/http/preferences.ts'
import { laneOf } from '../../backbone/records/partition.ts'
import type { WaitLimit } from '../overload/wait-limit.ts'
import type { ResultsProxy } from '../results/results-proxy.ts'
import type { AcceptCheckout, Submission } from './accept-checkout.ts'
import { awaitOutcome } from './await-outcome.ts'
import { contentCoding, decodeBody } from './content-coding.ts'
import type { rejectEarly, rejectVisitsEarly } from './early-rejection.ts'
import { ownIdempotencyKey } from './idempotency-key.ts'
import { assertJson } from './media-type.ts'
import { checkoutFrom, jsonOf } from './read-checkout.ts'
import type { SubmissionEnv } from './read-submission.ts'
import type { ReceiveBody } from './receive-body.ts'
import { assertSigned } from './request-signature.ts'

interface PostOptions {
  rejectUnread: ReturnType<typeof rejectEarly>
  rejectVisits: ReturnType<typeof rejectVisitsEarly>
  receive: ReceiveBody
  maxBodyBytes: number
  accept: AcceptCheckout
  results: ResultsProxy
  waits: WaitLimit
}

/**
 * Accepts one checkout. Answers with its outcome if the client prefers to wait and the outcome arrives in
 * time.
 */
export function postCheckout(options: PostOptions) {
  const { rejectUnread, rejectVisits, receive, maxBodyBytes, accept, results, waits } = options
  return async (context: Context<SubmissionEnv>): Promise<Response> => {
    const unread = context.get('submission')
    rejectUnread(context, unread)
    const coding = contentCoding(context.req)
    assertJson(context.req)
    const body = await receive(context)
    assertSigned(context.req, body, context.get('key'))
    const json = jsonOf(decodeBody(body, coding, maxBodyBytes))
    const submission = withOwnKey(unread, json)
    rejectVisits(context, submission, json)
    const prefer = context.req.header('prefer')
    const lenient = prefersLenient(prefer)
    const submitted = checkoutFrom(json, lenient)
    context.set('lane', laneOf(submitted.checkout))
    const { answer, replayed } = await accept(submitted, submission)
    const applied = lenient ? ['handling=lenient'] : []
    const headers = {
      location: `/checkout/${answer.eventId}`,
      ...(replayed ? { 'idempotent-replayed': 'true' } : {}),
    }
    const seconds = preferredWait(prefer)
    if (seconds > 0) context.set('storedAt', performance.now())
    const outcome =
      seconds > 0 && !waits.areFull()
        ? await waits.hold(() => {
            const stored = { ...answer, value: submitted.value }
            const { requestId, trace } = context.var
            const asking = { request: context.req.raw, requestId, trace }
            return awaitOutcome(results, asking, stored, seconds)
          })
        : undefined
    if (outcome === undefined) return jsonResponse(answer, 202, { ...headers, ...preferenceApplied(applied) })
    const classified = { ...answer, status: 'classified', outcome }
    applied.push(`wait=${seconds}`)
    return jsonResponse(classified, 200, { ...headers, ...preferenceApplied(applied) })
  }
}

/**
 * In a single request the header takes precedence over the field: a client that always sent both has its
 * events by the header.
 */
const withOwnKey = (submission: Submission, json: unknown): Submission => ({
  ...submission,
  idempotencyKey: submission.idempotencyKey ?? ownIdempotencyKey(json),
})

/** Like `context.json`, without its look-ups of prepared headers. */
const jsonResponse = (body: object, status: number, headers: Record<string, string>) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
