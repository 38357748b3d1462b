import type { MiddlewareHandler } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { ProblemError } from '../../backbone/problem.ts'
import type { QueuePlaces } from '../overload/queue-ticket.ts'
import type { Submission } from './accept-checkout.ts'
import { parseIdempotencyKey } from './idempotency-key.ts'

export interface SubmissionEnv extends AccessEnv {
  Variables: AccessEnv['Variables'] & { submission: Submission }
}

const PLACE_HEADER = 'checkout-place'
const TRACE_PARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/**
 * Reads of a POST what is not in its body. Who is refused for want of room is told their place in the queue, if they have
 * one, and a key to come back with.
 */
export function readSubmission(places: QueuePlaces, now = Date.now): MiddlewareHandler<SubmissionEnv> {
  return async (context, next) => {
    const { req } = context
    const identity = context.get('identity')
    const idempotencyKey = parseIdempotencyKey(req.header('idempotency-key'))
    const { owner, customer } = identity
    const holder = idempotencyKey === undefined ? undefined : { owner, customer, idempotencyKey }
    const since = (holder && places.since(req.header(PLACE_HEADER) ?? '', holder)) ?? now()
    context.set('submission', {
      identity,
      idempotencyKey,
      since,
      gone: () => req.raw.signal.aborted,
      traceparent: wellFormedTraceParent(req.header('traceparent')),
    })
    await next()
    if (holder && context.res.status === 503 && !givesWay(context.error))
      context.res.headers.set(PLACE_HEADER, places.give(since, holder))
  }
}

const givesWay = (error: Error | undefined) => error instanceof ProblemError && error.extras.givesWay === true

/** W3C Trace Context has it that a malformed `traceparent` is passed over, never refused. */
export function wellFormedTraceParent(header: string | undefined): string | undefined {
  return header !== undefined && TRACE_PARENT.test(header) ? header : undefined
}
