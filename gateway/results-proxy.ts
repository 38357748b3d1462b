import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { preferredWait } from '../backbone/prefer-wait.ts'
import { ProblemError } from '../backbone/problem.ts'
import { endToEndHeaders } from './end-to-end-headers.ts'
import { firstAnswer } from './first-answer.ts'
import { createHedgeBudget } from './hedge-budget.ts'
import { createHedgeDelay } from './hedge-delay.ts'
import type { ProcessorPool } from './processor-pool.ts'
import { relayEventStream } from './relay-event-stream.ts'
import { requestResults } from './request-results.ts'
import { resultsHeaders } from './results-headers.ts'

interface ResultsProxyOptions {
  pool: ProcessorPool
  draining: AbortSignal
  /** A read was sent to another processor too. */
  onHedge: () => void
}

export type ResultsProxy = (request: Request) => Promise<Response>

/** A processor's answer, its body still to come. */
interface Answer {
  processor: string
  incoming: IncomingMessage
}

const ANSWER_WITHIN_MS = 10_000
// Of all that are asked. Longer than that nobody waits for, and Bun cuts a connection that is silent for 75 s.
const TOGETHER_WITHIN_MS = 20_000
/** What a processor takes to say that the wait is over. */
export const WAIT_MARGIN_MS = 1_000
const BODILESS_STATUS = new Set([204, 304])
const DRAINED_WITHIN_MS = 2_000
// As a processor says at the end of a stream: there is somebody to come back to at once; not all in the same moment.
const RETRY_WITHIN_MS = 250

/**
 * Passes a read on to one processor: to the next when that one cannot be reached, answers 503 or is taken out, and to the next as well when it takes
 * long. Established streams of a processor that is taken out are ended, to be resumed on another.
 */
export function createResultsProxy({ pool, draining, onHedge }: ResultsProxyOptions): ResultsProxy {
  const budget = createHedgeBudget()
  const hedgeDelay = createHedgeDelay()
  const unanswered = new Set<AbortController>()
  const streams = new Set<() => void>()

  // Spread out, so that their readers do not all come back at once.
  const endSoon = (end: () => void) =>
    setTimeout(() => streams.has(end) && end(), Math.random() * DRAINED_WITHIN_MS)

  draining.addEventListener('abort', () => {
    streams.forEach(endSoon)
    setTimeout(() => unanswered.forEach((call) => call.abort()), DRAINED_WITHIN_MS)
  })

  function passOn({ incoming, processor }: Answer, method: string): Response {
    const status = incoming.statusCode ?? 502
    const headers = endToEndHeaders(incoming)
    if (method === 'HEAD' || BODILESS_STATUS.has(status)) {
      incoming.resume()
      return new Response(null, { status, headers })
    }
    const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>
    if (!headers.get('content-type')?.startsWith('text/event-stream')) {
      const forget = pool.whenAbandoned(processor, () => incoming.destroy(new Error('processor taken out')))
      incoming.once('close', forget)
      return new Response(body, { status, headers })
    }
    return new Response(passOnStream(body, processor), { status, headers })
  }

  function passOnStream(body: ReadableStream<Uint8Array>, processor: string): ReadableStream<Uint8Array> {
    const drain = () => end()
    const { stream, end } = relayEventStream(body, {
      farewell: retryFrame,
      onClose() {
        streams.delete(drain)
        forget()
      },
    })
    const forget = pool.whenAbandoned(processor, () => end(retryFrame()))
    streams.add(drain)
    if (draining.aborted) endSoon(drain)
    return stream
  }

  /** Sends one read to the processors in the order of the pool; the answer that is passed on, or undefined. */
  function ask({ url, method, headers }: Request, call: AbortSignal): Promise<Answer | undefined> {
    const { pathname, search } = new URL(url)
    const passedOn = resultsHeaders(headers)
    const waitMs = preferredWait(headers.get('prefer') ?? undefined) * 1_000
    const beganAt = performance.now()
    const spentMs = () => performance.now() - beganAt
    const waitLeftMs = () => Math.max(0, waitMs - spentMs())
    const sentAt = new Map<string, number>()
    const candidates = pool.next()

    function send(processor: string) {
      // While there is another to ask, one that does not answer may use up the wait and no more.
      const mayBeSlow = waitMs === 0 || sentAt.size >= candidates.length - 1
      const attempt = new AbortController()
      const cancel = () => attempt.abort()
      const forget = pool.whenAbandoned(processor, cancel)
      call.addEventListener('abort', cancel)
      sentAt.set(processor, performance.now())
      const wait = waitMs > 0 ? { prefer: `wait=${Math.round(waitLeftMs() / 1_000)}` } : {}
      const answer = requestResults(processor + pathname + search, {
        method,
        headers: { ...passedOn, ...wait },
        signal: attempt.signal,
        answerWithinMs: waitLeftMs() + (mayBeSlow ? ANSWER_WITHIN_MS : WAIT_MARGIN_MS),
      }).then(onResponse, onFailure)

      function onResponse(incoming: IncomingMessage): Answer | undefined {
        forget()
        pool.answered(processor)
        if (incoming.statusCode === 503) {
          incoming.destroy()
          return onFailure()
        }
        if (waitMs === 0) hedgeDelay.record(performance.now() - (sentAt.get(processor) ?? beganAt))
        return { processor, incoming }
      }

      function onFailure(): undefined {
        forget()
        if (!attempt.signal.aborted) pool.failed(processor)
      }

      return { answer, cancel }
    }

    budget.countRead()
    return firstAnswer({
      candidates,
      ask: send,
      mayAsk: () => !call.aborted && spentMs() <= waitMs + TOGETHER_WITHIN_MS,
      hedgeAfterMs: () => waitLeftMs() + hedgeDelay.delayMs(),
      mayHedge(processor) {
        pool.late(processor, sentAt.get(processor) ?? beganAt)
        const may = budget.take()
        if (may) onHedge()
        return may
      },
      discard: ({ incoming }) => incoming.destroy(),
    })
  }

  return async (request) => {
    const call = new AbortController()
    request.signal.addEventListener('abort', () => call.abort())
    unanswered.add(call)
    if (request.signal.aborted) call.abort()
    if (draining.aborted) setTimeout(() => unanswered.has(call) && call.abort(), DRAINED_WITHIN_MS)
    try {
      const answer = await ask(request, call.signal)
      if (answer !== undefined) return passOn(answer, request.method)
      throw new ProblemError(call.signal.aborted ? 'draining' : 'results-unavailable')
    } finally {
      unanswered.delete(call)
    }
  }
}

const retryFrame = (): Uint8Array => Buffer.from(`retry: ${Math.round(Math.random() * RETRY_WITHIN_MS)}\n\n`)
