import { hash } from 'node:crypto'
import type { StoredRecord } from '../../backbone/records/record.ts'

type Bytes = Pick<StoredRecord, 'key' | 'value'>

interface Expected {
  id: string
  isMissing: boolean
}

/**
 * Finds records of a topic that its copy does not have, by their bytes. Of a compacted topic only the last record of each key
 * counts: compaction may have removed others from the copy alone. There it may also have removed a tombstone with the values
 * before it, so a tombstone is missing only if the copy still has a value of its key.
 */
export function createRecordComparison(isCompacted: boolean) {
  const expected = new Map<string, Expected>()
  const keyOf = (record: Bytes, id: string): string => (isCompacted ? textOf(record.key) : id)
  const isTombstone = ({ value }: Bytes): boolean => isCompacted && value === null

  return {
    /** A record of the site that is copied: all of them first. */
    stored(record: Bytes): void {
      const id = idOf(record)
      expected.set(keyOf(record, id), { id, isMissing: !isTombstone(record) })
    },

    /** A record of the copy. */
    arrived(record: Bytes): void {
      const id = idOf(record)
      const key = keyOf(record, id)
      const last = expected.get(key)
      if (last?.id === id) expected.delete(key)
      else if (last) last.isMissing = true
    },

    missing: (): number => [...expected.values()].filter(({ isMissing }) => isMissing).length,
  }
}

const textOf = (bytes: Uint8Array | null | undefined): string =>
  bytes ? Buffer.from(bytes).toString('base64') : ''
const idOf = ({ key, value }: Bytes): string => hash('sha256', `${textOf(key)} ${textOf(value)}`)
