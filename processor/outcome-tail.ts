import { ENOUGH_BYTES, matches, type ServedRecord, type ViewFilter, type ViewRecord } from './view-record.ts'

/**
 * The newest outcomes of one partition, in memory: all that are not yet in the file, and some more, so that those who
 * follow live never touch the file. Offsets rise.
 */
export function createOutcomeTail() {
  let records: ViewRecord[] = []
  let start = 0
  let bytes = 0

  /** Index of the first record at or after an offset. */
  const indexFrom = (offset: number): number => {
    let low = start
    let high = records.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((records[middle]?.offset ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    push(added: ViewRecord[]) {
      for (const record of added) {
        records.push(record)
        bytes += record.json.length
      }
    },

    firstOffset: (): number | undefined => records[start]?.offset,

    read(
      from: number,
      end: number,
      filter: ViewFilter,
      limit: number,
    ): { records: ServedRecord[]; next: number } {
      const found: ServedRecord[] = []
      let foundBytes = 0
      for (let i = indexFrom(from); i < records.length; i++) {
        const record = records[i]
        if (!record || !matches(record, filter)) continue
        found.push(record)
        foundBytes += record.json.length
        if (found.length === limit || foundBytes >= ENOUGH_BYTES)
          return { records: found, next: record.offset + 1 }
      }
      return { records: found, next: end }
    },

    /** Drops the oldest records before `offset` until no more are left than `keep`, nor more bytes than that. */
    drop(offset: number, keep: { records: number; bytes: number }): void {
      const end = indexFrom(offset)
      while (start < end && (records.length - start > keep.records || bytes > keep.bytes)) {
        bytes -= records[start]?.json.length ?? 0
        start++
      }
      if (start > records.length / 2) {
        records = records.slice(start)
        start = 0
      }
    },
  }
}
