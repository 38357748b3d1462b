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
  /** Called with an entry that another one displaces; must delete the entry. */
  displace: (entry: Entry) => void
}

/**
 * Purchases before visits; limited in number and bytes.
 *
 * The purchase whose client has been trying longest goes first. When the queue is full, a purchase displaces the visits that
 * have waited longest, whose clients will soon give up, then the purchases that began later.
 *
 * Visits go in order, but newest first when more wait than one request holds: the client of an old one has probably
 * disconnected by then.
 */
export function createLaneQueues<Entry extends Queued>({
  maxRecords,
  maxBytes,
  displace,
}: LaneOptions<Entry>) {
  const lanes = { purchase: createOrderedEntries<Entry>(), browse: createOrderedEntries<Entry>() }
  const { purchase, browse } = lanes

  const overflows = (records: number, bytes: number) => records > maxRecords || bytes > maxBytes
  const size = () => purchase.size() + browse.size()
  const isFullFor = (bytes: number) => overflows(size() + 1, purchase.bytes() + browse.bytes() + bytes)

  function canHavePurchase(since: number, bytes: number): boolean {
    const ahead = purchase.before(since)
    return !overflows(ahead.size + 1, ahead.bytes + bytes)
  }

  return {
    /** Whether there is room for a purchase whose client has been trying since then. */
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

    /** Removes as many as fit of those that `isOwn` selects, but at least one if there is any. */
    take(mostRecords: number, mostBytes: number, isOwn: (entry: Entry) => boolean): Entry[] {
      let records = 0
      let bytes = 0
      let isFull = false
      const fits = (entry: Entry) => {
        records++
        bytes += entry.bytes
        isFull = records > mostRecords || (records > 1 && bytes > mostBytes)
        return !isFull
      }
      const purchases = purchase.takeWhile(fits, isOwn)
      if (isFull) return purchases
      const waiting = browse.total(isOwn)
      if (records + waiting.size <= mostRecords && bytes + waiting.bytes <= mostBytes)
        return [...purchases, ...browse.takeWhile(() => true, isOwn)]
      const visits: Entry[] = []
      for (let newest = browse.newest(isOwn); newest && fits(newest); newest = browse.newest(isOwn)) {
        browse.delete(newest)
        visits.push(newest)
      }
      return [...purchases, ...visits]
    },

    size,
  }
}
