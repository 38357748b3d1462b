import type { OutcomeKind } from '../../backbone/records/outcome.ts'
import { conflictedBy } from './matches.ts'
import type { OutcomeRecord, ServedRecord } from './record.ts'

/** An outcome as it is written to the file: served, and found by these values. */
export interface FileRecord extends ServedRecord {
  eventHash: number
  /** Empty if the record could not be read as a checkout. */
  customer: string
  /** What else it is found by: its folio, or the event that its record was in conflict with; may be empty. */
  link: string
}

/**
 * Records for another thread, in a few large values: copying an object for each record took a tenth of the time of the
 * thread that classifies.
 */
export interface PackedRecords {
  /** For each record {@link COLUMNS} numbers. */
  numbers: Float64Array<ArrayBuffer>
  /** Kinds and owners: there are few. */
  names: string[]
  /** Customers and links, concatenated. */
  ids: string
  /** The JSON of all records, concatenated. */
  json: Uint8Array<ArrayBuffer>
}

// Partition, offset, event hash, time, kind and owner (indexes of names), ends of customer and link in `ids`, end in `json`.
const COLUMNS = 9

export function packRecords(records: readonly OutcomeRecord[]): PackedRecords {
  const numbers = new Float64Array(records.length * COLUMNS)
  const json = new Uint8Array(records.reduce((size, record) => size + record.json.length, 0))
  const indexes = new Map<string, number>()
  let [ids, jsonEnd, at] = ['', 0, 0]

  function indexOf(name: string): number {
    const index = indexes.get(name) ?? indexes.size
    indexes.set(name, index)
    return index
  }

  for (const record of records) {
    json.set(record.json, jsonEnd)
    jsonEnd += record.json.length
    ids += record.customer
    const customerEnd = ids.length
    ids += linkOf(record)
    numbers[at++] = record.partition
    numbers[at++] = record.offset
    numbers[at++] = record.eventHash
    numbers[at++] = record.classifiedAt
    numbers[at++] = indexOf(record.kind)
    numbers[at++] = indexOf(record.owner)
    numbers[at++] = customerEnd
    numbers[at++] = ids.length
    numbers[at++] = jsonEnd
  }
  return { numbers, names: [...indexes.keys()], ids, json }
}

export function unpackRecords({ numbers, names, ids, json }: PackedRecords): FileRecord[] {
  const records: FileRecord[] = []
  let [idEnd, jsonEnd] = [0, 0]
  for (let at = 0; at < numbers.length; at += COLUMNS) {
    const number = (column: number) => numbers[at + column] ?? Number.NaN
    const [customerEnd, linkEnd, end] = [number(6), number(7), number(8)]
    records.push({
      partition: number(0),
      offset: number(1),
      eventHash: number(2),
      classifiedAt: number(3),
      kind: names[number(4)] as OutcomeKind,
      owner: names[number(5)] ?? '',
      customer: ids.slice(idEnd, customerEnd),
      link: ids.slice(customerEnd, linkEnd),
      json: json.subarray(jsonEnd, end),
    })
    idEnd = linkEnd
    jsonEnd = end
  }
  return records
}

/** The buffers to transfer. */
export const buffersOf = ({ numbers, json }: PackedRecords): ArrayBuffer[] => [numbers.buffer, json.buffer]

const linkOf = (record: OutcomeRecord): string => record.folio || (conflictedBy(record) ?? '')
