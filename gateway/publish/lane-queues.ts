import type { Lane } from '../../backbone/records/partition.ts'
import { createOrderedEntries } from './ordered-queue.ts'

interface Queued {
  readonly bytes: number
  readonly lane: Lane
  readonly since: number
}

interface LaneOptions<Entry> {
  maxRecords: number
  maxBytes: number
  /** Told of an entry that must leave for another; it deletes the entry. */
  displace: (entry: Entry) => void
}

/**
 * Purchases before visits; bounded in number and bytes.
 *
 * Of purchases the one whose client has been trying longest goes first. When it is full, a purchase takes the room of
 * those visits that have waited longest, whose clients are nearest to giving up, then of those purchases that began later.
 *
 * Visits go in order, but newest first when more wait than one request takes: the client of one that has waited long by
 * then has probably disconnected.
 */
export function createLaneQueues<Entry extends Queued>({
  maxRecords,
  maxBytes,
  displace,
}: LaneOptions<Entry>) {
  const lanes = { purchase: createOrderedEntries<Entry>(), browse: createOrderedEntries<Entry>() }
  const { purchase, browse } = lanes

  const overflows = (records: number, bytes: number) => records > maxRecords || bytes > maxBytes
  const isFullFor = (bytes: number) =>
    overflows(purchase.size() + browse.size() + 1, purchase.bytes() + browse.bytes() + bytes)

  function canHavePurchase(since: number, bytes: number): boolean {
    const ahead = purchase.before(since)
    return !overflows(ahead.size + 1, ahead.bytes + bytes)
  }

  return {
    /** Whether a purchase of clients that have been trying since then would find room. */
    canHavePurchase,

    canHaveRoom: ({ lane, bytes, since }: Queued): boolean =>
      lane === 'browse' ? !isFullFor(bytes) : canHavePurchase(since, bytes),

    makeRoom(bytes: number): void {
      while (isFullFor(bytes)) {
        const displaced = browse.first() ?? purchase.last()
        if (displaced === undefined) return
        displace(displaced)
      }
    },

    add: (entry: Entry): void => lanes[entry.lane].add(entry),
    delete: (entry: Entry): boolean => lanes[entry.lane].delete(entry),

    /** Takes out as many as fit, but one at least if there is any. */
    take(mostRecords: number, mostBytes: number): Entry[] {
      let records = 0
      let bytes = 0
      const fits = (entry: Entry) => {
        records++
        bytes += entry.bytes
        return records <= mostRecords && (records === 1 || bytes <= mostBytes)
      }
      const purchases = purchase.takeWhile(fits)
      if (purchase.size() > 0) return purchases
      if (records + browse.size() <= mostRecords && bytes + browse.bytes() <= mostBytes)
        return [...purchases, ...browse.takeWhile(() => true)]
      const visits: Entry[] = []
      for (let newest = browse.last(); newest && fits(newest); newest = browse.last()) {
        browse.delete(newest)
        visits.push(newest)
      }
      return [...purchases, ...visits]
    },

    isEmpty: () => purchase.size() + browse.size() === 0,
  }
}
