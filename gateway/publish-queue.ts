import type { Lane } from '../backbone/partition.ts'
import { ProblemError } from '../backbone/problem.ts'

interface QueueOptions {
  maxRecords: number
  maxBytes: number
  /** From arrival to answer, whether it is still waiting by then or on its way. */
  timeoutMs: number
}

/** Something that waits to be sent, and whoever waits for it. */
export interface Waiting<Item, Result> {
  readonly item: Item
  readonly bytes: number
  readonly lane: Lane
  readonly arrivedAt: number
  readonly settle: (result: Result | ProblemError) => void
}

/**
 * Buyers before browsers, each first in, first out; bounded in number and bytes; nobody waits longer than the timeout. A
 * buyer that finds it full takes the place of those browsers who have waited longest: theirs are the clients that are
 * nearest to giving up.
 */
export function createPublishQueue<Item, Result>({ maxRecords, maxBytes, timeoutMs }: QueueOptions) {
  type Entry = Waiting<Item, Result>
  const lanes = {
    purchase: { entries: new Set<Entry>(), bytes: 0 },
    browse: { entries: new Set<Entry>(), bytes: 0 },
  }
  const { purchase, browse } = lanes
  const unanswered = new Map<Entry, Promise<Result>>()

  function leave(entry: Entry) {
    const { entries } = lanes[entry.lane]
    if (entries.delete(entry)) lanes[entry.lane].bytes -= entry.bytes
  }

  const fits = (bytes: number, records: number, waitingBytes: number) =>
    records < maxRecords && waitingBytes + bytes <= maxBytes
  const hasRoom = (bytes: number) =>
    fits(bytes, purchase.entries.size + browse.entries.size, purchase.bytes + browse.bytes)

  function makeRoom(bytes: number) {
    for (const entry of browse.entries) {
      if (hasRoom(bytes)) return
      entry.settle(new ProblemError('overloaded'))
    }
  }

  function* inOrder() {
    yield* purchase.entries
    yield* browse.entries
  }

  return {
    /** Throws `overloaded` when there is no room; the promise rejects with what the sender settles it with, or in time. */
    add(item: Item, bytes: number, lane: Lane): Promise<Result> {
      const canHaveRoom =
        lane === 'purchase' ? fits(bytes, purchase.entries.size, purchase.bytes) : hasRoom(bytes)
      if (!canHaveRoom) throw new ProblemError('overloaded')
      makeRoom(bytes)
      const { promise, resolve, reject } = Promise.withResolvers<Result>()
      const timer = setTimeout(() => entry.settle(new ProblemError('kafka-unavailable')), timeoutMs)
      const entry: Entry = {
        item,
        bytes,
        lane,
        arrivedAt: performance.now(),
        settle(result) {
          clearTimeout(timer)
          leave(entry)
          unanswered.delete(entry)
          if (result instanceof ProblemError) reject(result)
          else resolve(result)
        },
      }
      lanes[lane].entries.add(entry)
      lanes[lane].bytes += bytes
      unanswered.set(entry, promise)
      return promise
    },
    /** Takes as many as fit, but one at least if there is one. */
    take(mostRecords: number, mostBytes: number): Entry[] {
      const taken: Entry[] = []
      let bytes = 0
      for (const entry of inOrder()) {
        bytes += entry.bytes
        if (taken.length === mostRecords || (taken.length > 0 && bytes > mostBytes)) break
        taken.push(entry)
      }
      for (const entry of taken) leave(entry)
      return taken
    },
    isEmpty: () => purchase.entries.size + browse.entries.size === 0,
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
