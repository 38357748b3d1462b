import { overloaded, ProblemError } from '../../backbone/problem.ts'
import type { Lane } from '../../backbone/records/partition.ts'
import { createDeadlines } from './deadlines.ts'
import { createOrderedEntries } from './ordered-queue.ts'

interface QueueOptions {
  maxRecords: number
  maxBytes: number
  /** From arrival to answer, whether it is still waiting by then or on its way. */
  timeoutMs: number
}

/** Who comes into the queue. */
export interface Arrival {
  bytes: number
  lane: Lane
  /** Since when its client has been trying, in milliseconds since the epoch. */
  since: number
  /** Whether nobody waits for the answer any more. */
  gone: () => boolean
}

/** Something that waits to be sent, and whoever waits for it. */
export interface Waiting<Item, Result> extends Arrival {
  readonly item: Item
  readonly arrivedAt: number
  readonly settle: (result: Result | ProblemError) => void
}

/** Only buyers have a place to come back to. */
const refusal = (lane: Lane) => overloaded(lane === 'browse' ? { givesWay: true } : {})

/**
 * Buyers before browsers; bounded in number and bytes; nobody waits longer than the timeout, and for nobody who has
 * gone.
 *
 * Of buyers the one who has been trying longest goes first. When it is full, a buyer takes the place of those browsers
 * who have waited longest, whose clients are nearest to giving up, then of those buyers who began later.
 *
 * Browsers go in order, but newest first when more wait than one request takes: whoever has waited long by then has
 * probably left.
 */
export function createPublishQueue<Item, Result>({ maxRecords, maxBytes, timeoutMs }: QueueOptions) {
  type Entry = Waiting<Item, Result>
  const lanes = { purchase: createOrderedEntries<Entry>(), browse: createOrderedEntries<Entry>() }
  const { purchase, browse } = lanes
  const waiting = new Set<Entry>()
  const afterDeadline = createDeadlines(timeoutMs)
  const unanswered = new Map<Entry, Promise<Result>>()

  const overflows = (records: number, bytes: number) => records > maxRecords || bytes > maxBytes
  const isFullFor = (bytes: number) =>
    overflows(purchase.size() + browse.size() + 1, purchase.bytes() + browse.bytes() + bytes)

  function canHaveRoom({ lane, bytes, since }: Arrival): boolean {
    if (lane === 'browse') return !isFullFor(bytes)
    const ahead = purchase.before(since)
    return !overflows(ahead.size + 1, ahead.bytes + bytes)
  }

  function makeRoom(bytes: number) {
    while (isFullFor(bytes)) {
      const displaced = browse.first() ?? purchase.last()
      if (displaced === undefined) return
      displaced.settle(refusal(displaced.lane))
    }
  }

  function takeInOrder(mostRecords: number, mostBytes: number): Entry[] {
    let records = 0
    let bytes = 0
    const fits = (entry: Entry) => {
      records++
      bytes += entry.bytes
      return records <= mostRecords && (records === 1 || bytes <= mostBytes)
    }
    const buyers = purchase.takeWhile(fits)
    if (purchase.size() > 0) return buyers
    if (records + browse.size() <= mostRecords && bytes + browse.bytes() <= mostBytes)
      return [...buyers, ...browse.takeWhile(() => true)]
    const browsers: Entry[] = []
    for (let newest = browse.last(); newest && fits(newest); newest = browse.last()) {
      browse.delete(newest)
      browsers.push(newest)
    }
    return [...buyers, ...browsers]
  }

  return {
    /** Throws `overloaded` when there is no room; the promise rejects with what the sender settles it with, or in time. */
    add(item: Item, arrival: Arrival): Promise<Result> {
      if (!canHaveRoom(arrival)) throw refusal(arrival.lane)
      makeRoom(arrival.bytes)
      const { promise, resolve, reject } = Promise.withResolvers<Result>()
      const callOff = afterDeadline(() => entry.settle(new ProblemError('kafka-unavailable')))
      const entry: Entry = {
        ...arrival,
        item,
        arrivedAt: performance.now(),
        settle(result) {
          callOff()
          if (waiting.delete(entry)) lanes[entry.lane].delete(entry)
          unanswered.delete(entry)
          if (result instanceof ProblemError) reject(result)
          else resolve(result)
        },
      }
      lanes[arrival.lane].add(entry)
      waiting.add(entry)
      unanswered.set(entry, promise)
      return promise
    },
    /** Takes as many as fit, but one at least if anybody is still there. */
    take(mostRecords: number, mostBytes: number): Entry[] {
      for (;;) {
        const taken = takeInOrder(mostRecords, mostBytes)
        for (const entry of taken) waiting.delete(entry)
        const present = taken.filter((entry) => {
          const gone = entry.gone()
          if (gone) entry.settle(new ProblemError('overloaded'))
          return !gone
        })
        if (present.length > 0 || taken.length === 0) return present
      }
    },
    /** Throws `overloaded` when a buyer who has been trying since then would find no room. */
    checkRoom(since: number): void {
      const ahead = purchase.before(since)
      if (overflows(ahead.size + 1, ahead.bytes)) throw new ProblemError('overloaded')
    },
    isEmpty: () => purchase.size() + browse.size() === 0,
    /** How long the one who has waited longest has waited, taken or not. */
    longestWaitMs(): number {
      for (const { arrivedAt } of unanswered.keys()) return performance.now() - arrivedAt
      return 0
    },
    /** Ends when everyone has been answered. */
    async settled(): Promise<void> {
      await Promise.allSettled(unanswered.values())
    },
  }
}
