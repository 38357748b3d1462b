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

/**
 * A position of a reader that goes from the newest outcomes to the oldest: in each partition, the offset before
 * which to continue, and the first offset that the log had at the start.
 */
export interface DescendingCursor {
  before: number[]
  first: number[]
  logs: string[]
}

// The version also tells the two kinds of cursor apart.
const ASCENDING = 1
const DESCENDING = 2
const ORDERS = new Map([
  [ASCENDING, 'asc'],
  [DESCENDING, 'desc'],
])
const LOG_BYTES = 4
const MAX_PARTITIONS = 2048

/** URL-safe text, the same on every instance. */
export const encodeCursor = ({ next, logs }: Cursor): string => encode(ASCENDING, [next], logs)

/** Throws `invalid-request` for text that {@link encodeCursor} did not create. */
export function decodeCursor(text: string): Cursor {
  const { columns, logs } = decode(text, ASCENDING, 1)
  return { next: columns[0] ?? [], logs }
}

export const encodeDescendingCursor = ({ before, first, logs }: DescendingCursor): string =>
  encode(DESCENDING, [before, first], logs)

/** Throws `invalid-request` for text that {@link encodeDescendingCursor} did not create. */
export function decodeDescendingCursor(text: string): DescendingCursor {
  const { columns, logs } = decode(text, DESCENDING, 2)
  return { before: columns[0] ?? [], first: columns[1] ?? [], logs }
}

/** For each partition: its offset in each column, and its log. */
function encode(version: number, columns: readonly number[][], logs: readonly string[]): string {
  const partitions = columns[0]?.length ?? 0
  const bytes = [version, ...varint(partitions)]
  for (let partition = 0; partition < partitions; partition++) {
    for (const column of columns) bytes.push(...varint(column[partition] ?? 0))
    bytes.push(...Buffer.from((logs[partition] ?? '').padStart(LOG_BYTES * 2, '0'), 'hex'))
  }
  return Buffer.from(bytes).toString('base64url')
}

function decode(text: string, version: number, width: number): { columns: number[][]; logs: string[] } {
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

  if (bytes[0] !== version) throw ofOtherOrder(bytes[0])
  const count = readVarint()
  if (count > MAX_PARTITIONS) throw malformed()
  const columns = Array.from({ length: width }, (): number[] => [])
  const logs: string[] = []
  for (let partition = 0; partition < count; partition++) {
    for (const column of columns) {
      const offset = readVarint()
      if (!Number.isSafeInteger(offset)) throw malformed()
      column.push(offset)
    }
    const log = bytes.subarray(at, at + LOG_BYTES).toString('hex')
    logs.push(/^0*$/.test(log) ? '' : log)
    at += LOG_BYTES
  }
  if (encode(version, columns, logs) !== text) throw malformed()
  return { columns, logs }
}

const malformed = () =>
  new ProblemError('invalid-request', { detail: 'the cursor was not issued by this service' })

function ofOtherOrder(version: number | undefined): ProblemError {
  const order = ORDERS.get(version ?? 0)
  if (order === undefined) return malformed()
  return new ProblemError('invalid-request', {
    detail: `the cursor is of order=${order}: repeat the parameters of its page, or start without a cursor`,
  })
}

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return [...bytes, rest]
}
