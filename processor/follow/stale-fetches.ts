import type { StoredRecord } from '../../backbone/records/record.ts'
import type { LogChanges } from '../read-model/outcome-store.ts'

// Longer than a broker that was frozen takes to learn that it leads nothing any more, and to be asked nothing more.
export const STILL_STALE_MS = 10_000
// Whoever reads on meets what was put back again at once.
const SAME_WITHIN_MS = 5_000

/**
 * Tells a stale fetch from a log that was recreated: both begin before where a partition was read to. kafkajs 2.2.4 may have
 * asked two brokers for a partition when its leader moved, and then gets from one of them, once it has thawed, what it has
 * read from the other; or that one knows of less, and kafkajs begins from the start. It is the log that the read model has
 * followed as long as nothing in it differs. Where it never comes to more than that, the log was put back.
 */
export function createStaleFetches(readModel: Pick<LogChanges, 'at'>) {
  const suspected = createSuspicionTimes(SAME_WITHIN_MS)

  const differs = (partition: number, { offset, value }: StoredRecord): boolean => {
    const known = readModel.at(partition, Number(offset))
    return known !== undefined && (value === null || !value.equals(known.json))
  }

  return {
    /** Of messages the first of which stands before where the partition was read to. */
    areStale(partition: number, messages: readonly StoredRecord[]): boolean {
      if (suspected.again(partition) > STILL_STALE_MS) return false
      return !messages.some((message) => differs(partition, message))
    },

    /** The partition is read on. */
    areOver(partition: number): void {
      suspected.end(partition)
    },
  }
}

/** Of each partition, for how long it has been suspected: from the first sign on, while the next always comes within `sameWithinMs`. */
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
