import type { MiddlewareHandler } from 'hono'

// A longer answer to a GET is read piece by piece from a store: not for a HEAD.
const LONGEST_BYTES = 1024 * 1024

/**
 * Gives the answer to a HEAD the `Content-Length` that a GET's has (RFC 9110, section 8.6), where that has an end that is not too far
 * off. Hono drops the body of such an answer, and the runtimes would say 0.
 */
export const headLength: MiddlewareHandler = async (context, next) => {
  await next()
  // First of all: Deno sends a body in chunks as soon as anything has looked at it.
  if (context.req.method !== 'HEAD') return
  const { body, headers } = context.res
  if (body === null || headers.has('content-length')) return
  const isStream = headers.get('content-type')?.startsWith('text/event-stream')
  const length = isStream ? await body.cancel() : await lengthOf(body)
  if (length !== undefined) headers.set('content-length', String(length))
}

/** Undefined when it is longer than is read for this. */
async function lengthOf(body: ReadableStream<Uint8Array>): Promise<number | undefined> {
  let bytes = 0
  for await (const piece of body) {
    bytes += piece.length
    if (bytes > LONGEST_BYTES) return undefined
  }
  return bytes
}
