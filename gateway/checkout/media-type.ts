import { MIMEType } from 'node:util'
import type { HonoRequest } from 'hono'
import { ProblemError } from '../../backbone/problem.ts'

/** One JSON text, or one per line. */
export type BodyFormat = 'json' | 'ndjson'

const NDJSON = new Set(['application/x-ndjson', 'application/ndjson', 'application/jsonl'])
const SEND_JSON = 'Send the body as application/json (Content-Type: application/json)'
const SEND_BATCH =
  'Send the body as application/json (one JSON array) or application/x-ndjson (one checkout a line), named in Content-Type'
const UTF_8 = /^utf-?8$/i

/** Throws `unsupported-media-type` unless the body is JSON in UTF-8. */
export function assertJson(request: HonoRequest): void {
  const format = formatOf(request)
  if (format === 'ndjson') throw unsupported('json', `${SEND_JSON}; NDJSON goes to POST /checkout/batch`)
  if (format === undefined) throw unsupported('json', SEND_JSON)
}

/** Throws `unsupported-media-type` unless the body is JSON or NDJSON in UTF-8. */
export function batchFormat(request: HonoRequest): BodyFormat {
  const format = formatOf(request)
  if (format === undefined) throw unsupported('ndjson', SEND_BATCH)
  return format
}

function formatOf(request: HonoRequest): BodyFormat | undefined {
  const contentType = request.header('content-type') ?? ''
  // That of nearly all requests.
  if (contentType === 'application/json') return 'json'
  const type = parse(contentType)
  if (type === undefined) return undefined
  const format = formatNamed(type.essence)
  const charset = type.params.get('charset')
  if (format !== undefined && charset !== null && !UTF_8.test(charset))
    throw unsupported(format, `The charset ${charset} is not supported: send UTF-8`)
  return format
}

/** RFC 6839, section 3.1: a type that ends in +json is JSON. */
function formatNamed(essence: string): BodyFormat | undefined {
  if (essence === 'application/json' || essence.endsWith('+json')) return 'json'
  return NDJSON.has(essence) ? 'ndjson' : undefined
}

function parse(contentType: string): MIMEType | undefined {
  try {
    return new MIMEType(contentType)
  } catch {
    return undefined
  }
}

function unsupported(expected: BodyFormat, detail: string): ProblemError {
  const accept = expected === 'json' ? 'application/json' : 'application/json, application/x-ndjson'
  return new ProblemError('unsupported-media-type', { detail, headers: { accept } })
}
