import type { MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import { sampledTraceId } from '../tracing/trace-context.ts'
import type { TraceEnv } from '../tracing/trace-requests.ts'
import type { RequestIdEnv } from './request-id.ts'

/** Logs the id of a recorded trace, and the path without its query, because the query may contain a customer id. */
export function accessLog(log: Logger): MiddlewareHandler<RequestIdEnv & TraceEnv> {
  return async (context, next) => {
    const start = performance.now()
    await next()
    const ms = Math.round(performance.now() - start)
    const { req, res } = context
    const { requestId, trace } = context.var
    const traceId = sampledTraceId(trace)
    log.debug(
      {
        requestId,
        ...(traceId === undefined ? {} : { traceId }),
        method: req.method,
        path: req.path,
        status: res.status,
        ms,
      },
      'answered',
    )
  }
}
