import type { Context } from 'hono'
import { createLatencyBuckets } from '../../backbone/figures/latency-buckets.ts'
import {
  type AnsweredLane,
  answeredLanes,
  type GatewayFigures,
} from '../../backbone/figures/member-figures.ts'
import { ProblemError } from '../../backbone/problem.ts'
import type { ElementAnswer } from './accept-batch.ts'
import { declaredLane } from './early-rejection.ts'
import type { SubmissionEnv } from './read-submission.ts'

const ROUTES = new Set(['/checkout', '/checkout/', '/checkout/batch', '/checkout/batch/'])

/**
 * Counts the answers to checkouts. Each checkout of a batch counts as if it had been sent alone. A batch that was refused as
 * a whole counts once. Of an answer that waited for an outcome, the time counts until the checkout was stored.
 */
export function createAnswerCounts() {
  const answers: Partial<Record<AnsweredLane, Record<string, number>>> = {}
  const latency = new Map(answeredLanes.map((lane) => [lane, createLatencyBuckets()]))
  let overloaded = 0

  function count(lane: AnsweredLane, status: number, milliseconds: number) {
    const byStatus = (answers[lane] ??= {})
    byStatus[status] = (byStatus[status] ?? 0) + 1
    if (status < 300) latency.get(lane)?.record(milliseconds)
  }

  return {
    /** Call it with every answer of this gateway, and when its request began and it ended, by `performance.now()`. */
    answered(context: Context<SubmissionEnv>, began: number, ended: number): void {
      const { req, error, res } = context
      if (req.method !== 'POST' || !ROUTES.has(req.path)) return
      const milliseconds = (context.get('storedAt') ?? ended) - began
      const answer = ({ status, lane, code }: ElementAnswer) => {
        count(lane ?? declaredLane(req.header('priority')) ?? 'unknown', status, milliseconds)
        // That of a client that has disconnected is also answered so.
        if (code === 'overloaded' && !req.raw.signal.aborted) overloaded++
      }
      const elements = context.get('elements')
      if (elements) for (const element of elements) answer(element)
      else answer({ status: res.status, lane: context.get('lane'), code: codeOf(error) })
    },
    /** By lane and HTTP status. */
    totals: (): Readonly<typeof answers> => answers,
    figures: (): Pick<GatewayFigures, 'answers' | 'latency'> => ({
      answers: structuredClone(answers),
      latency: Object.fromEntries(
        latency
          .entries()
          .map(([lane, { buckets }]) => [lane, buckets()] as const)
          .filter(([, buckets]) => Object.keys(buckets).length > 0),
      ),
    }),
    /** Checkouts that were refused because this gateway has no room for them. */
    overloaded: () => overloaded,
  }
}

const codeOf = (error: Error | undefined) => (error instanceof ProblemError ? error.code : undefined)

export type AnswerCounts = ReturnType<typeof createAnswerCounts>
