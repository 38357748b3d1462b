import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { endToEndHeaders } from './hop-by-hop-headers.ts'

type Body = ReadableStream<Uint8Array>

const BODILESS_STATUS = new Set([204, 304])

/** The answer of a processor as this gateway's own. `relay` may replace its body, if it has one. */
export function relayResponse(
  incoming: IncomingMessage,
  method: string,
  relay = (body: Body): Body => body,
): Response {
  const status = incoming.statusCode ?? 502
  const headers = endToEndHeaders(incoming)
  if (method !== 'HEAD' && !BODILESS_STATUS.has(status))
    return new Response(relay(Readable.toWeb(incoming) as Body), { status, headers })
  incoming.resume()
  return new Response(null, { status, headers })
}
