import { matches, type ServedRecord, type ViewFilter, type ViewRecord } from './view-record.ts'

/**
 * The newest outcomes of one partition, in memory: all that are not yet in the file, and some more, so that those who
 * follow live never touch the file. Offsets rise.
 */
export function createOutcomeTail() {
  let records: ViewRecord[] = []
  let start = 0

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
      for (const record of added) records.push(record)
    },

    firstOffset: (): number | undefined => records[start]?.offset,

    read(
      from: number,
      end: number,
      filter: ViewFilter,
      limit: number,
    ): { records: ServedRecord[]; next: number } {
      const found: ServedRecord[] = []
      for (let i = indexFrom(from); i < records.length; i++) {
        const record = records[i]
        if (!record || !matches(record, filter)) continue
        found.push(record)
        if (found.length === limit) return { records: found, next: record.offset + 1 }
      }
      return { records: found, next: end }
    },

    /** Drops the oldest records before `offset` until `keep` are left. */
    drop(offset: number, keep: number): void {
      start = Math.min(indexFrom(offset), Math.max(start, records.length - keep))
      if (start > records.length / 2) {
        records = records.slice(start)
        start = 0
      }
    },
  }
}
