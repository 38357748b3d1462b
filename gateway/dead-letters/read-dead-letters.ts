import { type ProblemCode, ProblemError, problems } from '../../backbone/problem.ts'
import type { DeadLetter, DeadLetterDetails } from '../../backbone/records/dead-letter.ts'
import type { TraceContext } from '../../backbone/tracing/trace-context.ts'
import { credentialsOf } from '../results/credentials-of.ts'
import type { ResultsProxy } from '../results/results-proxy.ts'

/** The request of a client, on whose behalf processors are asked. */
export interface Asking {
  request: Request
  requestId: string
  trace: TraceContext | undefined
}

export interface DeadLetterPage {
  items: DeadLetter[]
  next: string | null
  /** Newer ones that the processor has not read yet; absent in answers of an earlier version. */
  unread?: number
}

/** Asks the processors with the credentials of a client: they decide what it may see. */
export function createDeadLetterReads(results: ResultsProxy) {
  /** Rejects with the processor's problem. */
  async function read(
    { request, requestId, trace }: Asking,
    path: string,
    seconds: number,
  ): Promise<unknown> {
    const headers = credentialsOf(request)
    if (seconds > 0) headers.set('prefer', `wait=${seconds}`)
    const asked = new Request(new URL(path, request.url).href, { headers, signal: request.signal })
    const response = await results(asked, requestId, trace)
    const body: unknown = await response.json().catch(() => undefined)
    if (response.ok) return body
    throw problemIn(body)
  }

  return {
    /** With `seconds`, waits as long for the outcome of the record that sends it again. */
    find: async (asking: Asking, id: string, seconds = 0): Promise<DeadLetterDetails> =>
      (await read(asking, `/dead-letters/${id}`, seconds)) as DeadLetterDetails,

    list: async (asking: Asking, query: URLSearchParams): Promise<DeadLetterPage> =>
      (await read(asking, `/dead-letters?${query.toString()}`, 0)) as DeadLetterPage,
  }
}

export type DeadLetterReads = ReturnType<typeof createDeadLetterReads>

function problemIn(body: unknown): ProblemError {
  const { type, detail } = (body ?? {}) as { type?: unknown; detail?: unknown }
  const code = String(type).split(':').at(-1) ?? ''
  return new ProblemError(
    code in problems ? (code as ProblemCode) : 'results-unavailable',
    typeof detail === 'string' ? { detail } : {},
  )
}
