import type { LoggedRecord } from './logged-record.ts'

/** Control characters, which JSON never contains; so a value may contain tabs and line breaks. */
export const separators = { record: '\u001e', field: '\u001d', header: '\u001f' } as const

const fieldByte = separators.field.charCodeAt(0)
const headerByte = separators.header.charCodeAt(0)
const colon = ':'.charCodeAt(0)

/** Parses the output of the console consumer for one record. Undefined if it is something else. */
export function parseRecord(bytes: Buffer): LoggedRecord | undefined {
  let start = 0
  const nextField = () => {
    const end = bytes.indexOf(fieldByte, start)
    const field = bytes.subarray(start, end < 0 ? bytes.length : end)
    start = end < 0 ? bytes.length : end + 1
    return field
  }
  const timestamp = numberOf(nextField())
  const partition = numberOf(nextField())
  const offset = numberOf(nextField())
  const headers = headersOf(nextField())
  const key = nextField().toString()
  const value = bytes.toString('utf8', start)
  const isRecord = Number.isSafeInteger(timestamp + partition + offset)
  return isRecord ? { partition, offset, timestamp, headers, key, value } : undefined
}

const numberOf = (field: Buffer) => Number(field.toString('latin1', field.indexOf(colon) + 1) || Number.NaN)

// Each part is decoded separately: a slice of one text would keep all of it in memory as long as an id is
// kept.
function headersOf(field: Buffer): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (let start = 0; start < field.length; ) {
    const separator = field.indexOf(headerByte, start)
    const end = separator < 0 ? field.length : separator
    const middle = field.indexOf(colon, start)
    if (middle >= 0 && middle < end) {
      headers.set(field.toString('utf8', start, middle), field.toString('utf8', middle + 1, end))
    }
    start = end + 1
  }
  return headers
}
