import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { sessionCookieOf } from '../backbone/access/session-cookie.ts'
import { ProblemError } from '../backbone/problem.ts'
import { endToEndHeaders } from './end-to-end-headers.ts'
import { endable } from './endable-stream.ts'
import { requestResults } from './request-results.ts'
import { createRotation } from './rotation.ts'

interface ResultsProxyOptions {
  urls: readonly string[]
  draining: AbortSignal
}

export type ResultsProxy = (request: Request) => Promise<Response>

// With the credential: who may read what is the processors' to say.
const PASSED_ON = ['accept', 'authorization', 'last-event-id', 'prefer']
const ANSWER_WITHIN_MS = 10_000
// With `Prefer: wait`, of which a processor grants 30 s.
const ANSWER_WAIT_WITHIN_MS = 35_000
const BODILESS_STATUS = new Set([204, 304])
const DRAINED_WITHIN_MS = 2_000

/**
 * Passes a read on to one processor, to the next when that one cannot be reached or answers 503. Twice round, since a
 * connection that was kept may have been closed from the other side just now.
 */
export function createResultsProxy({ urls, draining }: ResultsProxyOptions): ResultsProxy {
  const rotation = createRotation(urls)
  const unanswered = new Set<AbortController>()
  const streams = new Set<() => void>()

  // Spread out, so that their readers do not all come back at once.
  const endSoon = (end: () => void) =>
    setTimeout(() => streams.has(end) && end(), Math.random() * DRAINED_WITHIN_MS)

  draining.addEventListener('abort', () => {
    streams.forEach(endSoon)
    setTimeout(() => unanswered.forEach((call) => call.abort()), DRAINED_WITHIN_MS)
  })

  function passOn(incoming: IncomingMessage, method: string): Response {
    const status = incoming.statusCode ?? 502
    const headers = endToEndHeaders(incoming)
    if (method === 'HEAD' || BODILESS_STATUS.has(status)) {
      incoming.resume()
      return new Response(null, { status, headers })
    }
    const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>
    if (!headers.get('content-type')?.startsWith('text/event-stream')) {
      return new Response(body, { status, headers })
    }
    const { stream, end } = endable(body, () => streams.delete(end))
    streams.add(end)
    if (draining.aborted) endSoon(end)
    return new Response(stream, { status, headers })
  }

  return async ({ url, method, headers, signal }) => {
    const { pathname, search } = new URL(url)
    const passedOn = PASSED_ON.map((name) => [name, headers.get(name)] as const).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    )
    // The storefront's other cookies are none of their business.
    const session = sessionCookieOf(headers.get('cookie'))
    if (session !== undefined) passedOn.push(['cookie', session])
    const call = new AbortController()
    signal.addEventListener('abort', () => call.abort())
    unanswered.add(call)
    try {
      const candidates = rotation.next()
      for (const instance of [...candidates, ...candidates]) {
        const incoming = await requestResults(instance + pathname + search, {
          method,
          headers: Object.fromEntries(passedOn),
          signal: call.signal,
          answerWithinMs: headers.has('prefer') ? ANSWER_WAIT_WITHIN_MS : ANSWER_WITHIN_MS,
        }).catch(() => undefined)
        if (incoming !== undefined && incoming.statusCode !== 503) return passOn(incoming, method)
        incoming?.destroy()
        if (call.signal.aborted) throw new ProblemError('draining')
        rotation.failed(instance)
      }
      throw new ProblemError('results-unavailable')
    } finally {
      unanswered.delete(call)
    }
  }
}
