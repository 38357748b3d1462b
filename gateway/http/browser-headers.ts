import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { RequestCheck } from '../../backbone/http/reject-foreign-requests.ts'
import { identifyRequest, REQUEST_ID, type RequestIdEnv } from '../../backbone/http/request-id.ts'
import { problemResponse } from '../../backbone/problem.ts'

const PREFLIGHT_SECONDS = 600

// OWASP REST Security Cheat Sheet, Security Headers. Most answers contain customer data, so caches must not
// store them.
const SECURITY_HEADERS = Object.entries({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
})

/**
 * The request's id, and default headers for browsers, unless the answer has its own; also in the answers to
 * requests that `check` rejects. One middleware for all, because each costs a few percent of a checkout's CPU
 * time.
 */
export function answerHeaders(check?: RequestCheck): MiddlewareHandler<RequestIdEnv> {
  return async (context, next) => {
    const id = identifyRequest(context)
    const problem = check?.(context.req)
    if (problem) context.res = problemResponse(problem)
    else await next()
    const { headers } = context.res
    headers.set(REQUEST_ID, id)
    for (const [name, value] of SECURITY_HEADERS) if (!headers.has(name)) headers.set(name, value)
  }
}

/**
 * Allows web pages of these origins to read the answers (Fetch, CORS protocol). Browsers block all others.
 */
export function crossOrigin(origins: readonly string[]): MiddlewareHandler {
  const allow = cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'DELETE'],
    allowHeaders: [
      'authorization',
      'content-encoding',
      'content-type',
      'checkout-place',
      'idempotency-key',
      'last-event-id',
      'prefer',
      'priority',
      'traceparent',
      'tracestate',
      'x-request-id',
    ],
    // Allows the session cookie, which only pages of the same site send.
    credentials: true,
    exposeHeaders: [
      'checkout-place',
      'location',
      'ratelimit',
      'ratelimit-policy',
      'retry-after',
      'idempotent-replayed',
      'preference-applied',
      'x-request-id',
    ],
    maxAge: PREFLIGHT_SECONDS,
  })
  return (context, next) => {
    const { method } = context.req
    const isPreflight =
      method === 'OPTIONS' && context.req.header('access-control-request-method') !== undefined
    // Other clients' OPTIONS requests are answered with the methods of the route.
    if (context.req.header('origin') === undefined || (method === 'OPTIONS' && !isPreflight)) return next()
    return allow(context, next)
  }
}
