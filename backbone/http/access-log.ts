import type { MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import type { RequestIdEnv } from './request-id.ts'

/** Logs the path without its query, because the query may contain a customer id. */
export function accessLog(log: Logger): MiddlewareHandler<RequestIdEnv> {
  return async (context, next) => {
    const start = performance.now()
    await next()
    const ms = Math.round(performance.now() - start)
    const { req, res } = context
    const { requestId } = context.var
    log.debug({ requestId, method: req.method, path: req.path, status: res.status, ms }, 'answered')
  }
}
