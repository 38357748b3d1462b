import type { Hono, MiddlewareHandler } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { createReadQueue } from '../../backbone/http/read-queue.ts'
import { validateEventId, validateNoQuery } from '../../backbone/http/validate-request.ts'
import { ProblemError } from '../../backbone/problem.ts'
import type { OutcomeWaits } from '../read-model/outcome-store.ts'
import type { FoundOutcome } from '../read-model/record.ts'
import { mayKnowOutcome } from '../results/authorize-query.ts'
import type { createPresentation } from '../results/mask-outcome.ts'
import { validateHeaders } from '../results/validate-headers.ts'
import type { TimelineParts } from './compose-timeline.ts'

/** Throws nothing; `signal` ends it with what is known then. */
export type ComposeTimeline = (found: FoundOutcome, signal: AbortSignal) => Promise<TimelineParts>

interface TimelineRouteOptions {
  mayRead: MiddlewareHandler<AccessEnv>
  mayOperate: MiddlewareHandler<AccessEnv>
  /** Throws while this member does not know all outcomes yet. */
  withResults: MiddlewareHandler
  readModel: Pick<OutcomeWaits, 'findWithin'>
  presentTo: ReturnType<typeof createPresentation>
  composeTimeline: ComposeTimeline
  draining: AbortSignal
}

const MOST_WAITING = 20
const WITHIN_MS = 5_000

/** The life of one checkout. With `Prefer: wait` it waits for the outcome. */
export function timelineRoute(app: Hono<AccessEnv>, options: TimelineRouteOptions): void {
  const { mayRead, mayOperate, withResults, readModel, presentTo, composeTimeline, draining } = options
  const enqueue = createReadQueue(MOST_WAITING, (reads) => `${reads} timelines are being read`)
  const valid = [validateEventId(), validateNoQuery(), validateHeaders()] as const

  app.get('/checkouts/:eventId/timeline', mayOperate, mayRead, ...valid, withResults, async (context) => {
    const seconds = context.req.valid('header').prefer
    const { eventId } = context.req.valid('param')
    const { identity } = context.var
    const { signal } = context.req.raw
    const found = await readModel.findWithin(eventId, seconds * 1_000, signal, draining)
    if (found === undefined && seconds > 0 && draining.aborted) throw new ProblemError('draining')
    if (found === undefined || !mayKnowOutcome(identity, found)) throw new ProblemError('unknown-event')

    const until = AbortSignal.any([AbortSignal.timeout(WITHIN_MS), signal])
    const parts = enqueue(until, () => composeTimeline(found, until))
    const outcome = Buffer.from(presentTo(identity)(found)).toString()
    const head = `{"eventId":${JSON.stringify(eventId)},"status":"classified","outcome":${outcome}`
    return new Response(inTwoPieces(head, parts), {
      headers: {
        'content-type': 'application/json',
        ...(seconds > 0 ? { 'preference-applied': `wait=${seconds}` } : {}),
      },
    })
  })
}

/** What is known is sent immediately: a gateway that waits longer would ask another processor, too. */
function inTwoPieces(head: string, parts: Promise<TimelineParts>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(Buffer.from(head))
      controller.enqueue(Buffer.from(`,${JSON.stringify(await parts).slice(1)}`))
      controller.close()
    },
  })
}
