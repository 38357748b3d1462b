import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { attribute } from './attributes.ts'
import { isSampled, type TraceContext, traceContextOf, unsampled } from './trace-context.ts'
import type { Tracing } from './tracing.ts'

export interface TraceEnv {
  Variables: {
    /** What the request's records and reads belong to; undefined: no trace, or this process does not trace. */
    trace?: TraceContext
  }
}

// Asked all the time, by machines.
const UNTRACED = /^\/(?:health|metrics)(?:\/|$)/
const SERVER_ERROR = 500
// HTTP conventions: others are `_OTHER`, so that nobody can invent any number of them.
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])

/**
 * A server span for each sampled request, until its answer begins (HTTP conventions). The path has ids of events only;
 * the query, which may have a customer's, is left out.
 */
export function traceRequests(tracing: Tracing): MiddlewareHandler<TraceEnv> {
  return async (context, next) => {
    const { req } = context
    if (UNTRACED.test(req.path)) return next()
    const parent = requestedTrace(context)
    const method = METHODS.has(req.method) ? req.method : '_OTHER'
    const span = tracing.start({
      name: method === '_OTHER' ? 'HTTP' : method,
      kind: 'server',
      parent,
    })
    span?.set({
      [attribute.httpMethod]: method,
      [attribute.urlPath]: req.path,
      [attribute.urlScheme]: req.url.slice(0, req.url.indexOf(':')),
    })
    // The next process must not record what this one did not.
    const trace = span?.context ?? (parent && isSampled(parent) ? unsampled(parent) : parent)
    if (trace) context.set('trace', trace)
    try {
      await next()
    } finally {
      const { status } = context.res
      const route = routePath(context)
      if (!route.endsWith('*')) {
        span?.rename(`${method} ${route}`)
        span?.set({ [attribute.httpRoute]: route })
      }
      span?.set({ [attribute.httpStatus]: status })
      span?.end(status >= SERVER_ERROR ? String(status) : undefined)
    }
  }
}

/** The trace that a client sends. */
export const requestedTrace = ({ req }: Pick<Context, 'req'>): TraceContext | undefined =>
  traceContextOf(req.header('traceparent'), () => req.header('tracestate'))
