import type { MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'

/** The path without its query: that may name a customer. */
export function accessLog(log: Logger): MiddlewareHandler {
  return async (context, next) => {
    const start = performance.now()
    await next()
    const ms = Math.round(performance.now() - start)
    const { req, res } = context
    log.debug({ method: req.method, path: req.path, status: res.status, ms }, 'answered')
  }
}
