import { ProblemError, toProblem } from '../../backbone/problem.ts'
import { elementSizes, isSpace } from './element-sizes.ts'
import type { BodyFormat } from './media-type.ts'
import { jsonOf } from './read-checkout.ts'

export const MOST_RECORDS = 1_000

/** One record of a batch: its JSON value, or its problem. */
export type BatchRecord = { value: unknown } | { problem: ProblemError }

interface Line {
  /** Line number in the body, from 1. */
  number: number
  bytes: Uint8Array
}

// Finding the position of a syntax error can take a millisecond, and a client looks at the first ones only.
const MOST_SEARCHED = 20
const LF = 0x0a
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Splits a batch into its records, in order: the elements of a JSON array, or the lines of NDJSON; empty
 * lines are skipped. An invalid line or a record that is too large is a fault of that record only. Throws if
 * the records cannot be separated. Sizes are those of the records as they were sent.
 */
export function readBatch(body: Uint8Array, format: BodyFormat, maxRecordBytes: number): BatchRecord[] {
  return format === 'ndjson' ? readLines(body, maxRecordBytes) : readArray(body, maxRecordBytes)
}

function readLines(body: Uint8Array, maxBytes: number): BatchRecord[] {
  const lines = splitLines(body)
  assertCount(lines.length)
  let faulty = 0
  return lines.map((line) => {
    const record = line.bytes.length > maxBytes ? tooLarge(maxBytes) : readLine(line, faulty < MOST_SEARCHED)
    if ('problem' in record) faulty++
    return record
  })
}

function readLine({ number, bytes }: Line, search: boolean): BatchRecord {
  try {
    return { value: jsonOf(bytes, number, search) }
  } catch (error) {
    return { problem: toProblem(error) }
  }
}

function readArray(body: Uint8Array, maxBytes: number): BatchRecord[] {
  const sizes = body.length > maxBytes ? elementSizes(body) : []
  const values = jsonOf(body)
  if (!Array.isArray(values))
    throw new ProblemError('invalid-batch', { detail: 'The body is not a JSON array' })
  assertCount(values.length)
  return values.map((value: unknown, index) =>
    (sizes[index] ?? 0) > maxBytes ? tooLarge(maxBytes) : { value },
  )
}

function assertCount(records: number): void {
  if (records === 0) throw new ProblemError('invalid-batch', { detail: 'The batch is empty' })
  if (records > MOST_RECORDS) throw new ProblemError('batch-too-large')
}

/**
 * Splits bytes, so that a line that is not UTF-8 is a fault of that line only. Trims lines, skips empty ones,
 * and stops at the first line beyond the maximum.
 */
function splitLines(body: Uint8Array): Line[] {
  const lines: Line[] = []
  let number = 1
  let start = -1
  let end = -1
  for (let at = 0; at <= body.length && lines.length <= MOST_RECORDS; at++) {
    const byte = body[at] ?? LF
    if (byte !== LF) {
      if (isSpace(byte)) continue
      if (start < 0) start = at
      end = at + 1
      continue
    }
    if (start >= 0) {
      const bytes = body.subarray(start, end)
      if (!isByteOrderMark(bytes)) lines.push({ number, bytes })
      start = -1
    }
    number++
  }
  return lines
}

const isByteOrderMark = (bytes: Uint8Array) => bytes.length === 3 && BYTE_ORDER_MARK.equals(bytes)

const tooLarge = (maxBytes: number): BatchRecord => ({
  problem: new ProblemError('body-too-large', { detail: `A checkout may have at most ${maxBytes} bytes` }),
})
