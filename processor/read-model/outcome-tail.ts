import { takeWithinBytes } from './byte-limit.ts'
import { matcherOf } from './matches.ts'
import type { OutcomeFilter, OutcomeRecord, ServedRecord } from './record.ts'

/**
 * The newest outcomes of one partition, in memory: all that are not in the file yet, and some more, so that
 * live streams never read the file. Offsets are ascending.
 */
export function createOutcomeTail() {
  let records: OutcomeRecord[] = []
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

  function* matching(from: number, filter: OutcomeFilter): Generator<OutcomeRecord> {
    const matches = matcherOf(filter)
    for (let i = indexFrom(from); i < records.length; i++) {
      const record = records[i]
      if (record && matches(record)) yield record
    }
  }

  function* matchingBefore(before: number, from: number, filter: OutcomeFilter): Generator<OutcomeRecord> {
    const matches = matcherOf(filter)
    const end = indexFrom(from)
    for (let i = indexFrom(before) - 1; i >= end; i--) {
      const record = records[i]
      if (record && matches(record)) yield record
    }
  }

  return {
    push(added: OutcomeRecord[]) {
      for (const record of added) {
        records.push(record)
        bytes += record.json.length
      }
    },

    firstOffset: (): number | undefined => records[start]?.offset,

    read(
      from: number,
      end: number,
      filter: OutcomeFilter,
      limit: number,
    ): { records: ServedRecord[]; next: number } {
      const { taken, isAll } = takeWithinBytes(matching(from, filter), limit)
      const last = taken.at(-1)
      return { records: taken, next: isAll || !last ? end : last.offset + 1 }
    },

    /** Newest first: records before `before`, from `from` on; `next` is the offset before which to continue. */
    readBefore(
      before: number,
      from: number,
      filter: OutcomeFilter,
      limit: number,
    ): { records: ServedRecord[]; next: number } {
      const { taken, isAll } = takeWithinBytes(matchingBefore(before, from, filter), limit)
      return { records: taken, next: isAll ? from : (taken.at(-1)?.offset ?? from) }
    },

    /** Drops the oldest records before `offset`, until at most `keep` records and bytes are left. */
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
