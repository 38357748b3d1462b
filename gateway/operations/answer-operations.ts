import type { Identity } from '../../backbone/access/identity.ts'
import type { TickBroadcast } from '../../backbone/operations/broadcast-ticks.ts'
import { operationsResponse } from '../../backbone/operations/operations-response.ts'
import { toProblem } from '../../backbone/problem.ts'
import type { TraceContext } from '../../backbone/tracing/trace-context.ts'
import { addToState, addToStream } from './add-own-figures.ts'
import { endSilentStream } from './end-silent-stream.ts'

export interface OperationsOptions {
  /** From a processor. Throws `results-unavailable` if none has an answer. */
  results: (request: Request, requestId: string, trace?: TraceContext) => Promise<Response>
  /** Number of processors that answer their probes. */
  answering: () => number
  /** What this gateway knows by itself. */
  ownTicks: TickBroadcast
  draining: AbortSignal
}

interface Requested {
  request: Request
  requestId: string
  trace?: TraceContext
  identity: Identity
}

/** A processor that is frozen would keep a viewer waiting until its probes have failed. */
const ANSWER_WITHIN_MS = 3_000
/** A processor writes once a second. */
const SILENT_MS = 4_000
const RETRY_MS = 2_000

/** The state of the system as a processor knows it, or as this gateway does while no processor answers. */
export function answerOperations(options: OperationsOptions) {
  const { ownTicks, draining } = options
  const fromProcessors = readFromProcessors(options)

  /** Ends when a processor answers: the viewer then reconnects, and gets the state of the whole system. */
  function ownStream(requested: Requested): Response {
    const { request, identity } = requested
    const ending = new AbortController()
    const end = () => ending.abort()
    request.signal.addEventListener('abort', end)

    function enter(): () => void {
      let isRetrying = false
      const retry = async () => {
        if (isRetrying) return
        isRetrying = true
        const state = new Request(new URL('/operations', request.url).href, {
          method: 'HEAD',
          headers: request.headers,
          signal: ending.signal,
        })
        if (await fromProcessors(state, requested).catch(() => undefined)) end()
        isRetrying = false
      }
      const timer = setInterval(() => void retry(), RETRY_MS)
      return () => clearInterval(timer)
    }

    return operationsResponse({
      ticks: ownTicks,
      enter: request.method === 'GET' ? enter : () => () => undefined,
      disconnected: ending.signal,
      draining,
      credential: identity,
    })
  }

  return {
    async state(requested: Requested): Promise<Response> {
      const { request } = requested
      const response = await fromProcessors(request, requested)
      if (response === undefined) return Response.json(ownTicks.latest().state)
      if (response.status !== 200 || request.method !== 'GET') return response
      const headers = new Headers(response.headers)
      headers.delete('content-length')
      return new Response(addToState(await response.text(), ownTicks.latest), { headers })
    },

    async stream(requested: Requested): Promise<Response> {
      const response = await fromProcessors(requested.request, requested)
      if (response === undefined) return ownStream(requested)
      if (response.body === null || !isEventStream(response)) return response
      const live = endSilentStream(response.body, SILENT_MS)
      return new Response(live.pipeThrough(addToStream(ownTicks.latest)), response)
    },
  }
}

/** Resolves with undefined if no processor has an answer. */
function readFromProcessors({ results, answering, draining }: OperationsOptions) {
  return async (
    { method, url, headers, signal }: Request,
    { requestId, trace }: Pick<Requested, 'requestId' | 'trace'>,
  ): Promise<Response | undefined> => {
    if (answering() === 0) return undefined
    const attempt = new AbortController()
    const giveUp = () => attempt.abort()
    const timer = setTimeout(giveUp, ANSWER_WITHIN_MS)
    signal.addEventListener('abort', giveUp)
    try {
      return await results(new Request(url, { method, headers, signal: attempt.signal }), requestId, trace)
    } catch (error) {
      const isLate = attempt.signal.aborted && !draining.aborted && !signal.aborted
      if (isLate || toProblem(error).code === 'results-unavailable') return undefined
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
}

const isEventStream = ({ headers }: Response): boolean =>
  headers.get('content-type')?.startsWith('text/event-stream') === true
