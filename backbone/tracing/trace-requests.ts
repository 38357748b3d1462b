import type { Context } from 'hono'
import { routePath } from 'hono/route'
import { attribute } from './attributes.ts'
import { isSampled, type TraceContext, traceContextOf, unsampled } from './trace-context.ts'
import type { TracedSpan, Tracing } from './tracing.ts'

export interface TraceEnv {
  Variables: {
    /** What the request's records and reads belong to; undefined: no trace, or this process does not trace. */
    trace?: TraceContext
  }
}

// Requested every few seconds by probes and scrapers.
const UNTRACED = /^\/(?:health|metrics)(?:\/|$)/
const SERVER_ERROR = 500
// HTTP conventions: others are `_OTHER`, so that nobody can invent any number of them.
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])

/** Begins the trace of a request; call the result when its answer begins. */
export type TraceRequest = (context: Context) => (() => void) | undefined

/**
 * A server span for each sampled request, until its answer begins (HTTP conventions). The path has ids of events only;
 * the query, which may have a customer's, is left out. No middleware of its own: each costs a few percent of a checkout.
 */
export function createRequestTrace(tracing: Tracing): TraceRequest {
  return (context) => {
    const { req } = context
    if (UNTRACED.test(req.path)) return undefined
    const parent = requestedTrace(context)
    const span = tracing.start({ name: req.method, kind: 'server', parent })
    // The next process must not record what this one did not.
    const trace = span?.context ?? (parent && isSampled(parent) ? unsampled(parent) : parent)
    if (trace) context.set('trace', trace)
    return span && (() => endSpan(span, context))
  }
}

function endSpan(span: TracedSpan, context: Context): void {
  const { req, res } = context
  const isKnown = METHODS.has(req.method)
  const route = routePath(context)
  const hasRoute = !route.endsWith('*')
  const name = isKnown ? req.method : 'HTTP'
  span.rename(hasRoute ? `${name} ${route}` : name)
  span.set({
    [attribute.httpMethod]: isKnown ? req.method : '_OTHER',
    [attribute.httpRoute]: hasRoute ? route : undefined,
    [attribute.httpStatus]: res.status,
    [attribute.urlPath]: req.path,
    [attribute.urlScheme]: req.url.slice(0, req.url.indexOf(':')),
  })
  span.end(res.status >= SERVER_ERROR ? String(res.status) : undefined)
}

/** The trace that a client sends. */
export const requestedTrace = ({ req }: Pick<Context, 'req'>): TraceContext | undefined =>
  traceContextOf(req.header('traceparent'), () => req.header('tracestate'))
