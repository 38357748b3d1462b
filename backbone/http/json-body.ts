import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { ProblemError } from '../problem.ts'

/** For routes of processors: gateways limit also the time in which a body must come. */
export const limitBody = (maxBytes: number): MiddlewareHandler =>
  bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new ProblemError('body-too-large', { detail: `The body may have at most ${maxBytes} bytes` })
    },
  })

/** Throws `malformed-json`. */
export async function jsonBody({ req }: Pick<Context, 'req'>): Promise<unknown> {
  try {
    return await req.json()
  } catch (error) {
    if (error instanceof SyntaxError) throw new ProblemError('malformed-json')
    throw error
  }
}
