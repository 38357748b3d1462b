import type { IncomingMessage } from 'node:http'

const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** Removes the headers of a single connection (RFC 9110, section 7.6.1). */
export function endToEndHeaders({ headers, headersDistinct }: IncomingMessage): Headers {
  const named = headers.connection?.split(',').map((name) => name.trim().toLowerCase()) ?? []
  const dropped = new Set([...HOP_BY_HOP, ...named])
  const kept = new Headers()
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    if (!dropped.has(name)) for (const value of values) kept.append(name, value)
  }
  return kept
}
