import { overloaded, ProblemError } from '../../backbone/problem.ts'
import type { Lane } from '../../backbone/records/partition.ts'
import { createDeadlines } from './deadlines.ts'
import { createLaneQueues } from './lane-queues.ts'

interface QueueOptions {
  maxRecords: number
  maxBytes: number
  /** From arrival to answer, whether it is still waiting by then or on its way. */
  timeoutMs: number
}

/** What comes into the queue. */
export interface Arrival {
  bytes: number
  lane: Lane
  /** Since when its client has been trying, in milliseconds since the epoch. */
  since: number
  /** Whether its client has disconnected. */
  gone: () => boolean
}

/** Something that waits to be sent, and its client. */
export interface Waiting<Item, Result> extends Arrival {
  readonly item: Item
  readonly arrivedAt: number
  readonly settle: (result: Result | ProblemError) => void
}

/** Only a purchase has a queue ticket to come back with. */
const refusal = (lane: Lane) => overloaded(lane === 'browse' ? { givesWay: true } : {})

/**
 * WaitLimit to be sent, in the order and within the bounds of {@link createLaneQueues}. Nothing waits longer than the timeout,
 * nor for a client that has disconnected.
 */
export function createPublishQueue<Item, Result>({ maxRecords, maxBytes, timeoutMs }: QueueOptions) {
  type Entry = Waiting<Item, Result>
  const displace = (entry: Entry) => entry.settle(refusal(entry.lane))
  const lanes = createLaneQueues<Entry>({ maxRecords, maxBytes, displace })
  const waiting = new Set<Entry>()
  const afterDeadline = createDeadlines(timeoutMs)
  const unanswered = new Map<Entry, Promise<Result>>()

  return {
    /** Throws `overloaded` when there is no room; the promise rejects with what the sender settles it with, or in time. */
    add(item: Item, arrival: Arrival): Promise<Result> {
      if (!lanes.canHaveRoom(arrival)) throw refusal(arrival.lane)
      lanes.makeRoom(arrival.bytes)
      const { promise, resolve, reject } = Promise.withResolvers<Result>()
      const callOff = afterDeadline(() => entry.settle(new ProblemError('kafka-unavailable')))
      const entry: Entry = {
        ...arrival,
        item,
        arrivedAt: performance.now(),
        settle(result) {
          callOff()
          if (waiting.delete(entry)) lanes.delete(entry)
          unanswered.delete(entry)
          if (result instanceof ProblemError) reject(result)
          else resolve(result)
        },
      }
      lanes.add(entry)
      waiting.add(entry)
      unanswered.set(entry, promise)
      return promise
    },
    /** Takes as many as fit, but one at least if any client is still there. */
    take(mostRecords: number, mostBytes: number): Entry[] {
      for (;;) {
        const taken = lanes.take(mostRecords, mostBytes)
        for (const entry of taken) waiting.delete(entry)
        const present = taken.filter((entry) => {
          const gone = entry.gone()
          if (gone) entry.settle(new ProblemError('overloaded'))
          return !gone
        })
        if (present.length > 0 || taken.length === 0) return present
      }
    },
    /** Throws `overloaded` when a purchase whose client has been trying since then would find no room. */
    checkRoom(since: number): void {
      if (!lanes.canHavePurchase(since, 0)) throw new ProblemError('overloaded')
    },
    isEmpty: lanes.isEmpty,
    /** How long the entry that has waited longest has waited, taken or not. */
    longestWaitMs(): number {
      for (const { arrivedAt } of unanswered.keys()) return performance.now() - arrivedAt
      return 0
    },
    /** Ends when everything has been answered. */
    async settled(): Promise<void> {
      await Promise.allSettled(unanswered.values())
    },
  }
}
