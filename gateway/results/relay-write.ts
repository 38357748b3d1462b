import { REQUEST_ID } from '../../backbone/http/request-id.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { type TraceContext, traceHeaders } from '../../backbone/tracing/trace-context.ts'
import { requestResults } from './fetch-results.ts'
import type { ProcessorPool } from './processor-pool.ts'
import { relayResponse } from './relay-response.ts'
import { resultsHeaders } from './results-headers.ts'

interface Write {
  method: 'POST' | 'DELETE'
  path: string
  /** As JSON. */
  body?: unknown
}

/** Passes a write on to a processor, whose spans belong to `trace`, with the credential of the client. */
export type RelayWrite = (
  write: Write,
  request: Request,
  requestId: string,
  trace?: TraceContext,
) => Promise<Response>

/** Longer than a processor waits for Kafka. */
const ANSWER_WITHIN_MS = 20_000

/**
 * For writes that may be repeated: the next processor is asked if one cannot be reached or answers 503, never two at the same
 * time.
 */
export function createWriteRelay(pool: Pick<ProcessorPool, 'next' | 'answered' | 'failed'>): RelayWrite {
  return async ({ method, path, body }, request, requestId, trace) => {
    const options = {
      method,
      headers: {
        ...resultsHeaders(request.headers),
        [REQUEST_ID]: requestId,
        ...traceHeaders(trace),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: request.signal,
      answerWithinMs: ANSWER_WITHIN_MS,
    }
    let lastAnswer: Response | undefined
    for (const processor of pool.next()) {
      if (request.signal.aborted) break
      try {
        const incoming = await requestResults(processor + path, options)
        pool.answered(processor)
        const answer = relayResponse(incoming, method)
        if (answer.status !== 503) return answer
        await lastAnswer?.body?.cancel()
        lastAnswer = answer
      } catch {
        if (!request.signal.aborted) pool.failed(processor)
      }
    }
    if (lastAnswer) return lastAnswer
    throw new ProblemError('results-unavailable')
  }
}
