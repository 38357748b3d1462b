import type { OutcomeRecord } from './record.ts'

type Unpacked = Omit<OutcomeRecord, 'json'> & { end: number }

/**
 * Records for another thread in one buffer, which is transferred: thousands of small buffers would each be
 * copied.
 */
export interface PackedRecords {
  records: Unpacked[]
  /** The JSON of all records, concatenated; each one ends at its `end`. */
  json: Uint8Array
}

export function packRecords(records: readonly OutcomeRecord[]): PackedRecords {
  const json = new Uint8Array(records.reduce((size, record) => size + record.json.length, 0))
  let end = 0
  const packed = records.map(({ json: bytes, ...rest }) => {
    json.set(bytes, end)
    end += bytes.length
    return { ...rest, end }
  })
  return { records: packed, json }
}

export function* unpackRecords({ records, json }: PackedRecords): Generator<OutcomeRecord> {
  let start = 0
  for (const { end, ...rest } of records) {
    yield { ...rest, json: json.subarray(start, end) }
    start = end
  }
}
