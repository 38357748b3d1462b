import type { MiddlewareHandler } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { ProblemError } from '../../backbone/problem.ts'
import type { Lane } from '../../backbone/records/partition.ts'
import { requestedTrace } from '../../backbone/tracing/trace-requests.ts'
import type { QueueTickets } from '../overload/queue-ticket.ts'
import type { ElementAnswer } from './accept-batch.ts'
import type { Submission } from './accept-checkout.ts'
import { parseIdempotencyKey } from './idempotency-key.ts'

export interface SubmissionEnv extends AccessEnv {
  Variables: AccessEnv['Variables'] & {
    submission: Submission
    /** As soon as the body shows it. */
    lane?: Lane
    /** When the checkout was stored, by `performance.now()`, if the answer waited for its outcome. */
    storedAt?: number
    /** The answers to the checkouts of a batch. */
    elements?: readonly ElementAnswer[]
  }
}

const TICKET_HEADER = 'checkout-place'

/**
 * Reads the parts of a POST that are not in its body. A request rejected because of overload gets a queue
 * ticket, and an idempotency key for the retry.
 */
export function readSubmission(tickets: QueueTickets, now = Date.now): MiddlewareHandler<SubmissionEnv> {
  return async (context, next) => {
    const { req } = context
    const identity = context.get('identity')
    const idempotencyKey = parseIdempotencyKey(req.header('idempotency-key'))
    const { owner, customer } = identity
    const holder = idempotencyKey === undefined ? undefined : { owner, customer, idempotencyKey }
    const since = (holder && tickets.since(req.header(TICKET_HEADER) ?? '', holder)) ?? now()
    context.set('submission', {
      identity,
      requestId: context.get('requestId'),
      idempotencyKey,
      since,
      isDisconnected: () => req.raw.signal.aborted,
      trace: context.get('trace') ?? requestedTrace(context),
    })
    await next()
    if (holder && context.res.status === 503 && !givesWay(context.error))
      context.res.headers.set(TICKET_HEADER, tickets.issue(since, holder))
  }
}

const givesWay = (error: Error | undefined) => error instanceof ProblemError && error.extras.givesWay === true
