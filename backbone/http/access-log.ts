import type { MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import type { RequestIdEnv } from './request-id.ts'

/** The path without its query: that may name a customer. */
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
