import type { IncomingMessage } from 'node:http'
import { preferredWait } from '../../backbone/http/prefer-wait.ts'
import { requestResults } from './fetch-results.ts'
import { firstAnswer } from './first-answer.ts'
import { createHedgeBudget } from './hedge-budget.ts'
import { createHedgeDelay } from './hedge-delay.ts'
import type { ProcessorPool } from './processor-pool.ts'
import { resultsHeaders } from './results-headers.ts'

/** A processor's answer, before its body. */
export interface Answer {
  processor: string
  incoming: IncomingMessage
}

interface ReaderOptions {
  pool: Pick<ProcessorPool, 'next' | 'whenAbandoned' | 'answered' | 'failed' | 'late'>
  /** Called for each read that is also sent to another processor. */
  onHedge: () => void
}

const ANSWER_WITHIN_MS = 10_000
// For all attempts together. Clients wait no longer, and Bun closes a connection that is silent for 75 s.
const TOGETHER_WITHIN_MS = 20_000
// Of the answer to an export nothing can be sent before an outcome is found, which may take a search of millions.
const EXPORT = '/notifications/export'
const EXPORT_BEGINS_WITHIN_SECONDS = 30
/** Time that a processor needs to answer that the wait is over. */
export const WAIT_MARGIN_MS = 1_000

/**
 * Sends a read to one processor. Sends it to the next one if the first cannot be reached, answers 503 or is
 * taken out, and to both if the first is slow. Resolves with the first answer. With `Prefer: wait` (RFC 7240)
 * a processor is slow only after the wait, with an export after 30 s.
 */
export function createResultsReader({ pool, onHedge }: ReaderOptions) {
  const budget = createHedgeBudget()
  const hedgeDelay = createHedgeDelay()

  /** Undefined if none has an answer, or if `call` was aborted. Throws `invalid-request`. */
  return function read(
    { url, method, headers }: Request,
    /** Added to those of the client that are passed on. */
    own: Record<string, string>,
    call: AbortSignal,
    body?: string,
  ): Promise<Answer | undefined> {
    const { pathname, search } = new URL(url)
    const passedOn = { ...resultsHeaders(headers), ...own }
    const preferred = preferredWait(headers.get('prefer') ?? undefined)
    const waitMs = (pathname === EXPORT ? EXPORT_BEGINS_WITHIN_SECONDS : preferred) * 1_000
    const beganAt = performance.now()
    const spentMs = () => performance.now() - beganAt
    const waitLeftMs = () => Math.max(0, waitMs - spentMs())
    const sentAt = new Map<string, number>()
    const candidates = pool.next()

    function send(processor: string) {
      // While there is another candidate, one that does not respond may use up the wait, but no more.
      const mayBeSlow = waitMs === 0 || sentAt.size >= candidates.length - 1
      const attempt = new AbortController()
      const cancel = () => attempt.abort()
      const forget = pool.whenAbandoned(processor, cancel)
      call.addEventListener('abort', cancel)
      const began = performance.now()
      sentAt.set(processor, began)
      const wait = preferred > 0 ? { prefer: `wait=${Math.round(waitLeftMs() / 1_000)}` } : {}
      const request = requestResults(processor + pathname + search, {
        method,
        headers: { ...passedOn, ...wait },
        body,
        signal: attempt.signal,
        answerWithinMs: waitLeftMs() + (mayBeSlow ? ANSWER_WITHIN_MS : WAIT_MARGIN_MS),
      })

      function onResponse(incoming: IncomingMessage): Answer | undefined {
        forget()
        pool.answered(processor)
        if (incoming.statusCode === 503) {
          incoming.destroy()
          return onFailure()
        }
        if (waitMs === 0) hedgeDelay.record(performance.now() - began)
        return { processor, incoming }
      }

      function onFailure(): undefined {
        forget()
        if (!attempt.signal.aborted) pool.failed(processor)
      }

      return { answer: request.then(onResponse, onFailure), cancel }
    }

    function mayHedge(processor: string): boolean {
      pool.late(processor, sentAt.get(processor) ?? beganAt)
      const may = budget.take()
      if (may) onHedge()
      return may
    }

    budget.countRead()
    return firstAnswer({
      candidates,
      ask: send,
      mayAsk: () => !call.aborted && spentMs() <= waitMs + TOGETHER_WITHIN_MS,
      hedgeAfterMs: () => waitLeftMs() + hedgeDelay.delayMs(),
      mayHedge,
      discard: ({ incoming }) => incoming.destroy(),
    })
  }
}
