import type { RecordHeaders } from '../records/record.ts'

type Content = string | Uint8Array | null

/** The parts of a record that are sent. */
export interface SentRecord {
  key: Content
  value: Content
  headers: RecordHeaders
}

/** The size of a record batch without its records (Kafka protocol, Record Batch: from `baseOffset` to the count of records). */
export const BATCH_OVERHEAD_BYTES = 61

const ATTRIBUTES_BYTES = 1
// All records of a batch have the same time.
const TIMESTAMP_DELTA_BYTES = 1
// Of up to 8,192 records.
const OFFSET_DELTA_BYTES = 2

/** The size of a record in a record batch without compression (Kafka protocol, Record). */
export function recordBytes({ key, value, headers }: SentRecord): number {
  let bytes = ATTRIBUTES_BYTES + TIMESTAMP_DELTA_BYTES + OFFSET_DELTA_BYTES
  bytes += withLength(key) + withLength(value)
  let count = 0
  for (const name in headers) {
    const values = headers[name] ?? null
    for (const content of Array.isArray(values) ? values : [values]) {
      bytes += withLength(name) + withLength(content)
      count++
    }
  }
  bytes += varintBytes(count)
  return varintBytes(bytes) + bytes
}

function withLength(content: Content): number {
  if (content === null) return 1
  const bytes = Buffer.byteLength(content)
  return varintBytes(bytes) + bytes
}

/** Of a number that is not negative, in zigzag encoding: one bit for the sign, then seven bits a byte. */
function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = value * 2; rest >= 128; rest = Math.floor(rest / 128)) bytes++
  return bytes
}
