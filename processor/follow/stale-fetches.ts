import type { StoredRecord } from '../../backbone/records/record.ts'
import type { LogChanges } from '../read-model/outcome-store.ts'

// Longer than a broker that was frozen takes to learn that it does not lead any more.
export const STILL_STALE_MS = 10_000
// A recreated log shows again in the next fetch.
const SAME_WITHIN_MS = 5_000

/**
 * Tells a stale fetch from a log that was recreated: both begin before the position of a partition. When its leader moves, a
 * partition may be fetched from two brokers. One that was frozen then returns records that were already read from the other;
 * or it has fewer records, the position is out of range, and the consumer begins at the start of the log. As long as no record
 * differs, it is the log that the read model has followed. If the fetches stay stale, the log was recreated.
 */
export function createStaleFetches(readModel: Pick<LogChanges, 'at'>) {
  const suspected = createSuspicionTimes(SAME_WITHIN_MS)

  const differs = (partition: number, { offset, value }: StoredRecord): boolean => {
    const known = readModel.at(partition, Number(offset))
    return known !== undefined && (value === null || !value.equals(known.json))
  }

  return {
    /** Of records the first of which is before the position of the partition. */
    areStale(partition: number, records: readonly StoredRecord[]): boolean {
      if (suspected.again(partition) > STILL_STALE_MS) return false
      return !records.some((record) => differs(partition, record))
    },

    /** The partition is read on from its position. */
    areOver(partition: number): void {
      suspected.end(partition)
    },
  }
}

/** How long each partition has been suspected: since the first sign, as long as each next one comes within `sameWithinMs`. */
export function createSuspicionTimes(sameWithinMs: number) {
  const times = new Map<number, { first: number; last: number }>()
  return {
    /** One more sign. Milliseconds since the first. */
    again(partition: number): number {
      const now = performance.now()
      const before = times.get(partition)
      const first = before && now - before.last < sameWithinMs ? before.first : now
      times.set(partition, { first, last: now })
      return now - first
    },
    end: (partition: number): boolean => times.delete(partition),
  }
}
