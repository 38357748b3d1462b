import { header, headerText } from '../../backbone/records/headers.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'

interface Packed {
  offset: string
  timestamp: string
  headers: Record<string, string>
  /** Lengths in the buffer; -1 for null. */
  key: number
  value: number
}

/** Records for another thread in one buffer, which is transferred, with the headers that are read there. */
export interface PackedLetters {
  letters: Packed[]
  bytes: Uint8Array
}

const READ = [
  header.reason,
  header.source,
  header.owner,
  header.receivedAt,
  header.eventId,
  header.redriveOf,
  header.redriveBy,
  header.redriveAt,
  header.traceparent,
]

const lengthOf = (bytes: Uint8Array | null): number => bytes?.length ?? -1

export function packLetters(records: readonly StoredRecord[]): PackedLetters {
  const bytes = new Uint8Array(
    records.reduce((size, { key, value }) => size + (key?.length ?? 0) + (value?.length ?? 0), 0),
  )
  let end = 0
  function put(part: Uint8Array | null) {
    if (part === null) return
    bytes.set(part, end)
    end += part.length
  }
  const letters = records.map(({ offset, timestamp, key, value, headers }) => {
    put(key)
    put(value)
    const read = READ.flatMap((name) => {
      const text = headerText(headers, name)
      return text === undefined ? [] : [[name, text] as const]
    })
    return {
      offset,
      timestamp,
      headers: Object.fromEntries(read),
      key: lengthOf(key),
      value: lengthOf(value),
    }
  })
  return { letters, bytes }
}

export function* unpackLetters({ letters, bytes }: PackedLetters): Generator<StoredRecord> {
  let start = 0
  function take(length: number): Buffer | null {
    if (length < 0) return null
    const part = Buffer.from(bytes.buffer, bytes.byteOffset + start, length)
    start += length
    return part
  }
  for (const { key, value, ...rest } of letters) yield { ...rest, key: take(key), value: take(value) }
}
