import type { MiddlewareHandler } from 'hono'

// A longer answer is read from a store in pieces, which is too much work for a HEAD.
const LONGEST_BYTES = 1024 * 1024

/**
 * Gives the answer to a HEAD the `Content-Length` of the GET (RFC 9110, section 8.6), unless that answer is a
 * stream or very long. Hono drops the body of such an answer, and the runtimes would send 0.
 */
export const headLength: MiddlewareHandler = async (context, next) => {
  await next()
  // Must come first: Deno sends a body in chunks once anything has accessed it.
  if (context.req.method !== 'HEAD') return
  const { body, headers } = context.res
  if (body === null || headers.has('content-length')) return
  const isStream = headers.get('content-type')?.startsWith('text/event-stream')
  const length = isStream ? await body.cancel() : await lengthOf(body)
  if (length !== undefined) headers.set('content-length', String(length))
}

/** Undefined if the body is longer than the limit. */
async function lengthOf(body: ReadableStream<Uint8Array>): Promise<number | undefined> {
  let bytes = 0
  for await (const piece of body) {
    bytes += piece.length
    if (bytes > LONGEST_BYTES) return undefined
  }
  return bytes
}
