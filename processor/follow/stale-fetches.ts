import type { StoredRecord } from '../../backbone/records/record.ts'
import type { LogChanges } from '../read-model/outcome-store.ts'

// Longer than a broker that was frozen takes to learn that it does not lead any more.
export const STILL_STALE_MS = 10_000
// If the log was recreated, every further fetch is suspected, too: a suspicion after a longer time is a new one.
const SAME_WITHIN_MS = 5_000
// The same for claims: one is tried again every half a second, and each attempt may take seconds.
export const SAME_CLAIM_WITHIN_MS = 30_000

/**
 * Distinguishes stale fetches from a log that was recreated: in both cases, fetches begin before the position of a
 * partition.
 *
 * A fetch is stale if it comes from a former leader that was frozen. That broker returns records that were already
 * read from the new leader. If it has fewer records than were read, the position is out of range for it, and the
 * consumer starts again at the beginning of the log.
 *
 * Fetches count as stale as long as none of their records differs from the read model. If they stay stale for longer than a
 * former leader can cause, the log was recreated or cut back.
 */
export function createStaleFetches(readModel: Pick<LogChanges, 'at'>) {
  const suspected = createSuspicionTimes(SAME_WITHIN_MS)

  const differs = (partition: number, { offset, value }: StoredRecord): boolean => {
    const known = readModel.at(partition, Number(offset))
    return known !== undefined && (value === null || !value.equals(known.json))
  }

  return {
    /** Whether these records, which begin before the position of the partition, come from a stale fetch. */
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
