import type { MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'

/** Logs the path without its query, because the query may contain a customer id. */
export function accessLog(log: Logger): MiddlewareHandler {
  return async (context, next) => {
    const start = performance.now()
    await next()
    const ms = Math.round(performance.now() - start)
    const { req, res } = context
    log.debug({ method: req.method, path: req.path, status: res.status, ms }, 'answered')
  }
}
