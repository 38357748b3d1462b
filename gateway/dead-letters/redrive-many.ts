import { type Problem, ProblemError, problemBody, toProblem } from '../../backbone/problem.ts'
import { jsonOfLetter } from './letter-checkout.ts'
import { mergePatch } from './merge-patch.ts'
import type { DeadLetterReads } from './read-dead-letters.ts'
import type { BulkBody } from './read-redrive-body.ts'
import type { Redrive, RedriveAnswer, RedriveRequest } from './redrive.ts'

/** The result for one dead letter, as if it had been sent again alone. */
export interface RedriveResult {
  id: string
  status: number
  /** Whether a repetition can succeed. */
  retry: boolean
  replayed?: true
  redriven?: RedriveAnswer
  problem?: Problem
}

interface BulkDependencies {
  reads: DeadLetterReads
  redrive: Redrive
  /** Called with each unexpected error. */
  onInternal: (error: unknown, requestId: string) => void
}

const AT_ONCE = 8

/**
 * Sends a page of dead letters again that have not been yet, each on its own. After a failure that a repetition can
 * cure, the rest is not tried: the client repeats the request, and what was stored is not stored again.
 */
export function createBulkRedrive({ reads, redrive, onInternal }: BulkDependencies) {
  return async ({ patch, ...filter }: BulkBody, asked: RedriveRequest) => {
    const { items, next, unread } = await reads.list(asked, queryOf(filter))
    const results: RedriveResult[] = []
    let failure: ProblemError | undefined

    async function redriveOne(id: string): Promise<RedriveResult> {
      try {
        if (failure) throw failure
        const { answer, replayed } = await redrive(
          id,
          (letter) => mergePatch(jsonOfLetter(letter), patch),
          asked,
        )
        const status = answer.status === 'classified' ? 200 : 202
        return { id, status, retry: false, ...(replayed ? { replayed } : {}), redriven: answer }
      } catch (error) {
        const known = toProblem(error)
        if (known.code === 'internal') onInternal(error, asked.requestId)
        const problem = problemBody(known)
        if (problem.status >= 500) failure = known
        // Listed, but not found: another processor has not read it yet. If it was removed, it is not listed again.
        const retry = problem.status >= 500 || known.code === 'unknown-dead-letter'
        return { id, status: problem.status, retry, problem }
      }
    }

    const waiting = [...items.entries()]
    async function work() {
      for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
        const [index, { id }] = entry
        results[index] = await redriveOne(id)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return { results, next, ...(unread === undefined ? {} : { unread }) }
  }
}

function queryOf({ owner, reason, since, until, limit, cursor }: Omit<BulkBody, 'patch'>): URLSearchParams {
  const query = new URLSearchParams({ redriven: 'false', limit: String(limit) })
  const given = { owner, reason: reason?.join(','), since, until, cursor }
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.set(name, value)
  return query
}
