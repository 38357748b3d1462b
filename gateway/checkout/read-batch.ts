import { ProblemError, toProblem } from '../../backbone/problem.ts'
import { elementSizes, isSpace } from './element-sizes.ts'
import type { BodyFormat } from './media-type.ts'
import { jsonOf } from './read-checkout.ts'

export const MOST_RECORDS = 1_000

/** One record of a batch as it came: its JSON value, or what is wrong with it. */
export type BatchRecord = { value: unknown } | { problem: ProblemError }

interface Line {
  /** Of the body, from 1. */
  number: number
  bytes: Uint8Array
}

// To find where a line breaks JSON's rules can take a millisecond, and a client looks at the first ones.
const MOST_SEARCHED = 20
const LF = 0x0a
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Takes a batch apart, in order: a JSON array, or JSON values by lines; empty lines are skipped. A line that is not JSON, and a
 * record that is too large, is a fault of its own. Throws when the records cannot be told apart. Sizes are those of the records
 * as they were sent.
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
 * As bytes, so that a line which is not UTF-8 is a fault of that line. Without the white space around them, without empty ones,
 * and no further than to the first line that is one too many.
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
