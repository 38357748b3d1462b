import { hash } from 'node:crypto'
import type { StoredRecord } from '../../backbone/records/record.ts'

type Bytes = Pick<StoredRecord, 'key' | 'value'>

/**
 * Finds records of a topic that its copy does not have, by their bytes. Of a compacted topic only the last record of each key
 * counts: compaction may have removed others from the copy alone.
 */
export function createRecordComparison(isCompacted: boolean) {
  const missing = new Map<string, string>()

  return {
    /** A record of the site that is copied: all of them first. */
    stored(record: Bytes): void {
      const id = idOf(record)
      missing.set(isCompacted ? textOf(record.key) : id, id)
    },

    /** A record of the copy. */
    arrived(record: Bytes): void {
      const id = idOf(record)
      const key = isCompacted ? textOf(record.key) : id
      if (missing.get(key) === id) missing.delete(key)
    },

    missing: (): number => missing.size,
  }
}

const textOf = (bytes: Uint8Array | null | undefined): string =>
  bytes ? Buffer.from(bytes).toString('base64') : ''
const idOf = ({ key, value }: Bytes): string => hash('sha256', `${textOf(key)} ${textOf(value)}`)
