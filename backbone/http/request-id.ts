import type { Context, MiddlewareHandler } from 'hono'

export const REQUEST_ID = 'x-request-id'

export interface RequestIdEnv {
  Variables: { requestId: string }
}

// Visible ASCII cannot end a header or a line of a log. HAProxy and Kong put `:` and `#` into theirs.
const USABLE = /^[!-~]{1,128}$/

/**
 * Names a request as its client or a proxy did, or by a random UUID; the answer is to have the name, too. Not
 * hono/request-id, which replaces ids with other characters than `\w-=`, and sets the header before there is an answer: a
 * Response loses it.
 */
export function identifyRequest(context: Context<RequestIdEnv>): string {
  const given = context.req.header(REQUEST_ID)
  const id = given !== undefined && USABLE.test(given) ? given : crypto.randomUUID()
  context.set('requestId', id)
  return id
}

export const requestId: MiddlewareHandler<RequestIdEnv> = async (context, next) => {
  const id = identifyRequest(context)
  await next()
  context.res.headers.set(REQUEST_ID, id)
}
