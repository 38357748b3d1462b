import { gunzipSync } from 'node:zlib'
import type { HonoRequest } from 'hono'
import { ProblemError } from '../../backbone/problem.ts'

export type ContentCoding = 'gzip' | 'identity'

/**
 * Throws `unsupported-media-type` for any coding except gzip, and for gzip twice (RFC 9110, section 15.5.16).
 */
export function contentCoding(request: HonoRequest): ContentCoding {
  const header = request.header('content-encoding')
  if (header === undefined) return 'identity'
  const codings = header
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity')
  const [coding] = codings
  if (coding === undefined) return 'identity'
  // RFC 9110, section 8.4.1.3: x-gzip is gzip.
  if (codings.length === 1 && (coding === 'gzip' || coding === 'x-gzip')) return 'gzip'
  throw new ProblemError('unsupported-media-type', {
    detail: 'The body may be compressed with gzip, once',
    headers: { 'accept-encoding': 'gzip, identity' },
  })
}

/**
 * Decodes the body; the result never takes more memory than `maxBytes`. Throws `body-too-large` beyond that,
 * and `malformed-json` if the body is not gzip from its first byte to its last (RFC 1952; several members are
 * one body).
 */
export function decodeBody(body: Uint8Array, coding: ContentCoding, maxBytes: number): Uint8Array {
  return coding === 'identity' ? body : unpack(body, maxBytes)
}

function unpack(body: Uint8Array, maxBytes: number): Uint8Array {
  // Not DecompressionStream: Deno and Node reject a second member, and Bun does not. The types lack the
  // result of zlib's `info`.
  const { buffer, engine } = gunzip(body, maxBytes) as unknown as {
    buffer: Buffer
    engine: { bytesWritten: number }
  }
  // zlib itself ignores data after the last member if it begins with a zero.
  if (engine.bytesWritten !== body.length) throw notGzip()
  return buffer
}

function gunzip(body: Uint8Array, maxBytes: number) {
  try {
    return gunzipSync(body, { maxOutputLength: maxBytes, info: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new ProblemError('body-too-large', {
        detail: `The unpacked body may have at most ${maxBytes} bytes`,
      })
    if (code?.startsWith('Z_')) throw notGzip()
    throw error
  }
}

const notGzip = () => new ProblemError('malformed-json', { detail: 'The body is not valid gzip' })
