import { ProblemError, toProblem } from '../backbone/problem.ts'
import { parseJson } from './parse-json.ts'

export const MOST_RECORDS = 1_000

/** One record of a batch as it came: its JSON value, or what is wrong with it. */
export type BatchRecord = { value: unknown } | { problem: ProblemError }

const NDJSON_TYPE = /^application\/(?:x-ndjson|ndjson|jsonl)\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i

export const isNdjson = (contentType: string | undefined): boolean => NDJSON_TYPE.test(contentType ?? '')

/**
 * Takes a batch apart, in order: a JSON array, or JSON values by lines, of which empty ones are passed over. A record
 * that is no JSON or too large is a fault of its own; throws when there is no telling one record from another.
 */
export function readBatch(text: string, byLines: boolean, maxRecordBytes: number): BatchRecord[] {
  return byLines
    ? countable(readLines(text)).map((line) => readLine(line, maxRecordBytes))
    : countable(readArray(text)).map((value) => readElement(value, maxRecordBytes))
}

function countable<Record>(records: Record[]): Record[] {
  if (records.length === 0) throw new ProblemError('invalid-batch', { detail: 'The batch is empty' })
  if (records.length <= MOST_RECORDS) return records
  throw new ProblemError('batch-too-large', { detail: `The batch has ${records.length} checkouts` })
}

interface Line {
  text: string
  /** From 1 on, empty ones counted. */
  number: number
}

const readLines = (body: string): Line[] =>
  body
    .split('\n')
    .map((text, index) => ({ text, number: index + 1 }))
    .filter(({ text }) => text.trim() !== '')

function readArray(text: string): unknown[] {
  const value = parseJson(text)
  if (Array.isArray(value)) return value
  throw new ProblemError('invalid-batch', { detail: 'The body is no JSON array' })
}

function readLine({ text, number }: Line, maxBytes: number): BatchRecord {
  if (Buffer.byteLength(text) > maxBytes) return tooLarge(maxBytes)
  try {
    return { value: parseJson(text, number) }
  } catch (error) {
    return { problem: toProblem(error) }
  }
}

function readElement(value: unknown, maxBytes: number): BatchRecord {
  const text = toJson(value)
  if (text === undefined)
    return { problem: new ProblemError('malformed-json', { detail: 'Nested too deeply' }) }
  return Buffer.byteLength(text) > maxBytes ? tooLarge(maxBytes) : { value }
}

/** Undefined for what is nested more deeply than it can be written, though it could be read. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

const tooLarge = (maxBytes: number): BatchRecord => ({
  problem: new ProblemError('body-too-large', { detail: `A checkout may have at most ${maxBytes} bytes` }),
})
