import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

const BODILESS_STATUS = new Set([204, 304])

/** The body of a processor's answer to pass on; null if answers to such requests, or with such a status, have none. */
export function answerBody(incoming: IncomingMessage, method: string): ReadableStream<Uint8Array> | null {
  if (method !== 'HEAD' && !BODILESS_STATUS.has(incoming.statusCode ?? 0))
    return Readable.toWeb(incoming) as ReadableStream<Uint8Array>
  incoming.resume()
  return null
}
