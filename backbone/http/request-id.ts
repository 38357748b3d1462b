import type { Context, MiddlewareHandler } from 'hono'

export const REQUEST_ID = 'x-request-id'

export interface RequestIdEnv {
  Variables: { requestId: string }
}

// Visible ASCII is safe in headers and logs. HAProxy and Kong use `:` and `#`.
const VALID = /^[!-~]{1,128}$/

/**
 * The id from the client or a proxy if it is valid, otherwise a random UUID. The caller adds it to the answer.
 * Not hono/request-id: it rejects ids with characters other than `\w-=`, and sets the header too early, so a
 * Response that a route returns loses it.
 */
export function identifyRequest(context: Context<RequestIdEnv>): string {
  const given = context.req.header(REQUEST_ID)
  const id = given !== undefined && VALID.test(given) ? given : crypto.randomUUID()
  context.set('requestId', id)
  return id
}

export const requestId: MiddlewareHandler<RequestIdEnv> = async (context, next) => {
  const id = identifyRequest(context)
  await next()
  context.res.headers.set(REQUEST_ID, id)
}
