import type { Context } from 'hono'
import { accepts } from 'hono/accepts'

const JSON_TYPE = 'application/json'
const STREAM_TYPE = 'text/event-stream'

interface MediaRange {
  type: string
  q: number
}

/**
 * Whether the header `Accept` prefers the event stream to JSON (RFC 9110, section 12.5.1). The stream
 * requires its explicit type: it has no end, and a client that accepts any type expects one. A client that
 * accepts neither gets JSON, as that section allows.
 */
export function prefersStream(context: Context): boolean {
  const match = (ranges: readonly MediaRange[]) => {
    const [stream, json] = [qualityOf(STREAM_TYPE, ranges), qualityOf(JSON_TYPE, ranges)]
    if (!stream.isNamed || stream.q === 0 || stream.q < json.q) return JSON_TYPE
    return stream.q > json.q || !json.isNamed ? STREAM_TYPE : JSON_TYPE
  }
  const supports = [JSON_TYPE, STREAM_TYPE]
  return accepts(context, { header: 'Accept', supports, default: JSON_TYPE, match }) === STREAM_TYPE
}

/** From the most specific range that covers the type. */
function qualityOf(type: string, ranges: readonly MediaRange[]): { q: number; isNamed: boolean } {
  const qOf = (name: string) => ranges.find((range) => range.type.toLowerCase() === name)?.q
  const named = qOf(type)
  const q = named ?? qOf(`${type.split('/', 1)[0]}/*`) ?? qOf('*/*') ?? qOf('*') ?? 0
  return { q, isNamed: named !== undefined }
}
