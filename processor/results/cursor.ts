import { ProblemError } from '../../backbone/problem.ts'

/**
 * A position in all partitions of Notifications: the next offset of each, and the log that the offset belongs
 * to.
 */
export interface Cursor {
  next: number[]
  /** See `log` in backbone/records/headers.ts; empty if unknown. */
  logs: string[]
}

const VERSION = 1
const LOG_BYTES = 4
const MAX_PARTITIONS = 2048

/** URL-safe text, the same on every instance. */
export function encodeCursor({ next, logs }: Cursor): string {
  const bytes = [VERSION, ...varint(next.length)]
  for (const [partition, offset] of next.entries()) {
    bytes.push(...varint(offset), ...Buffer.from((logs[partition] ?? '').padStart(LOG_BYTES * 2, '0'), 'hex'))
  }
  return Buffer.from(bytes).toString('base64url')
}

/** Throws `invalid-request` for text that {@link encodeCursor} did not create. */
export function decodeCursor(text: string): Cursor {
  const bytes = Buffer.from(text, 'base64url')
  let at = 1
  const readVarint = (): number => {
    let value = 0
    for (let scale = 1; at < bytes.length && scale <= 2 ** 49; scale *= 128) {
      const byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    throw malformed()
  }

  if (bytes[0] !== VERSION) throw malformed()
  const count = readVarint()
  if (count > MAX_PARTITIONS) throw malformed()
  const cursor: Cursor = { next: [], logs: [] }
  for (let partition = 0; partition < count; partition++) {
    const offset = readVarint()
    if (!Number.isSafeInteger(offset)) throw malformed()
    cursor.next.push(offset)
    const log = bytes.subarray(at, at + LOG_BYTES).toString('hex')
    cursor.logs.push(/^0*$/.test(log) ? '' : log)
    at += LOG_BYTES
  }
  if (encodeCursor(cursor) !== text) throw malformed()
  return cursor
}

const malformed = () =>
  new ProblemError('invalid-request', { detail: 'the cursor was not issued by this service' })

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return [...bytes, rest]
}
