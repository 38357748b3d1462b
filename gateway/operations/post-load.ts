import type { Context } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import type { LoadFigures } from '../../backbone/figures/member-figures.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { within } from '../../backbone/process/with-timeout.ts'
import { createJsonReceiver } from '../checkout/receive-json.ts'
import { createRateLimiter } from '../overload/gcra.ts'
import { tooMany } from '../overload/rate-limit.ts'
import { readReportedLoad } from './reported-load.ts'

const MOST_BYTES = 4_096
// A generator reports once a second.
const RATE_OF_A_RUN = 3
// Of all runs at this gateway, so that a client with ever new runs does not fill the topic.
const RATE_OF_ALL = 30

// After that the next report is due.
const PUBLISH_WITHIN_MS = 1_000

/** Rejects if Kafka does not confirm the record. */
export type PublishLoad = (figures: LoadFigures) => Promise<void>

interface PostLoadOptions {
  publish: PublishLoad
  bodyTimeoutMs: number
  now?: () => number
}

/** Publishes the figures of a load run, so that the operations page shows them beside those of the system. */
export function postLoad({ publish, bodyTimeoutMs, now = Date.now }: PostLoadOptions) {
  const receive = createJsonReceiver({ maxBytes: MOST_BYTES, withinMs: bodyTimeoutMs })
  const take = createRateLimiter()

  /** Charges both limits or none. */
  function limit({ run }: LoadFigures) {
    const ofAll = take('all', RATE_OF_ALL, { onlyAsks: true })
    const quota = ofAll.allowed ? take(`run ${run}`, RATE_OF_A_RUN) : ofAll
    if (!quota.allowed) throw tooMany('load', quota)
    take('all', RATE_OF_ALL)
  }

  return async (context: Context<AccessEnv>): Promise<Response> => {
    const figures = readReportedLoad(await receive(context))
    limit(figures)
    await within(PUBLISH_WITHIN_MS, publish(byOwnClock(figures, now()))).catch(() => {
      throw new ProblemError('figures-unavailable')
    })
    return context.body(null, 204)
  }
}

/** The clock of a load generator may be wrong by any time, and its figures are shown beside those of the members. */
const byOwnClock = (figures: LoadFigures, at: number): LoadFigures => ({
  ...figures,
  at,
  startedAt: at - (figures.at - figures.startedAt),
})
