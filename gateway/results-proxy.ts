import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { sessionCookieOf } from '../backbone/access/session-cookie.ts'
import { preferredWait } from '../backbone/prefer-wait.ts'
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
const PASSED_ON = ['accept', 'authorization', 'last-event-id', 'prefer'] as const
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const ANSWER_WITHIN_MS = 10_000
// Of all whom it asks. Longer than that nobody waits for, and Bun cuts a connection that is silent for 75 s.
const TOGETHER_WITHIN_MS = 20_000
/** What a processor takes to say that the wait is over. */
export const WAIT_MARGIN_MS = 1_000
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
    const passedOn = headersFor(headers)
    const call = new AbortController()
    signal.addEventListener('abort', () => call.abort())
    unanswered.add(call)
    if (signal.aborted) call.abort()
    if (draining.aborted) setTimeout(() => unanswered.has(call) && call.abort(), DRAINED_WITHIN_MS)
    const beganAt = performance.now()
    const waitMs = preferredWait(headers.get('prefer') ?? undefined) * 1_000
    try {
      const candidates = rotation.next()
      for (const [index, instance] of [...candidates, ...candidates].entries()) {
        const spentMs = performance.now() - beganAt
        if (spentMs > waitMs + TOGETHER_WITHIN_MS) break
        const leftMs = Math.max(0, waitMs - spentMs)
        if (waitMs > 0) passedOn['prefer'] = `wait=${Math.round(leftMs / 1_000)}`
        // While there is another to ask, one that is frozen may use up the wait and no more.
        const mayBeSlow = waitMs === 0 || index >= candidates.length - 1
        const incoming = await requestResults(instance + pathname + search, {
          method,
          headers: passedOn,
          signal: call.signal,
          answerWithinMs: leftMs + (mayBeSlow ? ANSWER_WITHIN_MS : WAIT_MARGIN_MS),
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

/** Throws `invalid-request` for what Bun takes and no client can send on (RFC 9110, section 5.5). */
function headersFor(headers: Headers): Record<string, string> {
  const told = PASSED_ON.map((name) => [name, headers.get(name)] as const)
  // The storefront's other cookies are none of their business.
  const all = [...told, ['cookie', sessionCookieOf(headers.get('cookie')) ?? null] as const]
  const passedOn: Record<string, string> = {}
  for (const [name, value] of all) {
    if (value === null) continue
    if (!FIELD_VALUE.test(value))
      throw new ProblemError('invalid-request', { detail: `${name} has a character that no header may have` })
    passedOn[name] = value
  }
  return passedOn
}
