import { REQUEST_ID } from '../../backbone/http/request-id.ts'
import { retryFrame } from '../../backbone/http/retry-frame.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { drainTimes } from '../../backbone/process/draining.ts'
import { type TraceContext, traceHeaders } from '../../backbone/tracing/trace-context.ts'
import type { ProcessorPool } from './processor-pool.ts'
import { type Answer, createResultsReader } from './read-results.ts'
import { relayEventStream } from './relay-event-stream.ts'
import { relayResponse } from './relay-response.ts'

interface ResultsProxyOptions {
  pool: ProcessorPool
  draining: AbortSignal
  /** Called for each read that is also sent to another processor. */
  onHedge: () => void
}

/**
 * Resolves with the answer of a processor, whose spans belong to `trace`. `body`: of a request that changes nothing,
 * and may be sent to several processors.
 */
export type ResultsProxy = (
  request: Request,
  requestId: string,
  trace?: TraceContext,
  body?: string,
) => Promise<Response>

/**
 * Answers reads with the answers of processors. Ends the streams of a processor that is taken out, so that
 * clients resume them on another one.
 */
export function createResultsProxy({ pool, draining, onHedge }: ResultsProxyOptions): ResultsProxy {
  const read = createResultsReader({ pool, onHedge })
  const unanswered = new Set<AbortController>()
  const streams = new Set<() => void>()

  // Jittered, so that not all clients reconnect at once.
  const endSoon = (end: () => void) =>
    setTimeout(() => streams.has(end) && end(), Math.random() * drainTimes(draining).endWithinMs)

  draining.addEventListener('abort', () => {
    streams.forEach(endSoon)
    setTimeout(() => unanswered.forEach((call) => call.abort()), drainTimes(draining).endWithinMs)
  })

  function passOn({ incoming, processor }: Answer, method: string): Response {
    return relayResponse(incoming, method, (body) => {
      if (incoming.headers['content-type']?.startsWith('text/event-stream'))
        return passOnStream(body, processor)
      const cut = () => incoming.destroy(new Error('the processor stopped responding'))
      incoming.once('close', pool.whenAbandoned(processor, cut))
      return body
    })
  }

  function passOnStream(body: ReadableStream<Uint8Array>, processor: string): ReadableStream<Uint8Array> {
    const forget = pool.whenAbandoned(processor, () => end(retryFrame()))
    const drain = () => end()
    const { stream, end } = relayEventStream(body, {
      lastFrame: retryFrame,
      onClose() {
        streams.delete(drain)
        forget()
      },
    })
    streams.add(drain)
    if (draining.aborted) endSoon(drain)
    return stream
  }

  return async (request, requestId, trace, body) => {
    const call = new AbortController()
    request.signal.addEventListener('abort', () => call.abort())
    unanswered.add(call)
    if (request.signal.aborted) call.abort()
    if (draining.aborted)
      setTimeout(() => unanswered.has(call) && call.abort(), drainTimes(draining).endWithinMs)
    try {
      const own = { [REQUEST_ID]: requestId, ...traceHeaders(trace) }
      const answer = await read(request, own, call.signal, body)
      if (answer !== undefined) return passOn(answer, request.method)
      throw new ProblemError(call.signal.aborted ? 'draining' : 'results-unavailable')
    } finally {
      unanswered.delete(call)
    }
  }
}
