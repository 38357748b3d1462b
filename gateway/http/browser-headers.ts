import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { identifyRequest, REQUEST_ID, type RequestIdEnv } from '../../backbone/http/request-id.ts'

const PREFLIGHT_SECONDS = 600

// OWASP REST Security Cheat Sheet, Security Headers; and customers' data is in most answers, so nobody may keep them.
const SECURITY_HEADERS = Object.entries({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
})

/**
 * What every answer has: its request's id, and what it tells a browser, unless it says something else itself. One middleware
 * for both, since each costs a checkout a hundredth of its time.
 */
export const answerHeaders: MiddlewareHandler<RequestIdEnv> = async (context, next) => {
  const id = identifyRequest(context)
  await next()
  const { headers } = context.res
  headers.set(REQUEST_ID, id)
  for (const [name, value] of SECURITY_HEADERS) if (!headers.has(name)) headers.set(name, value)
}

/** Lets pages of these origins read the answers (Fetch, CORS protocol); others of a browser's pages cannot. */
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
      'x-request-id',
    ],
    // The session's cookie, which comes only from pages of the same site.
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
    // An OPTIONS of any other client is told the methods of the route instead.
    if (context.req.header('origin') === undefined || (method === 'OPTIONS' && !isPreflight)) return next()
    return allow(context, next)
  }
}
