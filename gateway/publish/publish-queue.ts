import { overloaded, ProblemError } from '../../backbone/problem.ts'
import type { Lane } from '../../backbone/records/partition.ts'
import { createDeadlines } from './deadlines.ts'
import { createLaneQueues } from './lane-queues.ts'

interface QueueOptions {
  maxRecords: number
  maxBytes: number
  /** From arrival to answer, whether it is still waiting then or already sent. */
  timeoutMs: number
  /** Milliseconds; stands still while entries wait for more than Kafka. */
  clock?: () => number
}

/** An entry, before it is in the queue. */
export interface Arrival {
  bytes: number
  lane: Lane
  /** Since when its client has been trying, in milliseconds since the epoch. */
  since: number
  /** Whether its client has disconnected. */
  isDisconnected: () => boolean
}

/** An entry that waits to be sent, or to be stored. */
export interface Waiting<Item, Result> extends Arrival {
  readonly item: Item
  /** Whether it has not been taken. */
  isWaiting: boolean
  readonly settle: (result: Result | ProblemError) => void
}

const everything = () => true

/** Only a purchase has a queue ticket to come back with. */
const refusal = (lane: Lane) => overloaded(lane === 'browse' ? { givesWay: true } : {})

/**
 * Entries wait here to be sent, in the order and within the limits of {@link createLaneQueues}. No entry waits longer than the
 * timeout, nor for a client that has disconnected.
 */
export function createPublishQueue<Item, Result>({ maxRecords, maxBytes, timeoutMs, clock }: QueueOptions) {
  type Entry = Waiting<Item, Result>
  const displace = (entry: Entry) => entry.settle(refusal(entry.lane))
  const lanes = createLaneQueues<Entry>({ maxRecords, maxBytes, displace })
  /** One for each entry without an answer. */
  const deadlines = createDeadlines(timeoutMs, clock)
  let settled: PromiseWithResolvers<void> | undefined

  return {
    /** Throws `overloaded` when there is no room. The promise settles as the sender settles the entry, or at its timeout. */
    add(item: Item, arrival: Arrival): Promise<Result> {
      if (!lanes.canHaveRoom(arrival)) throw refusal(arrival.lane)
      lanes.makeRoom(arrival.bytes)
      const { promise, resolve, reject } = Promise.withResolvers<Result>()
      const entry: Entry = {
        ...arrival,
        item,
        isWaiting: true,
        settle(result) {
          if (!deadlines.callOff(deadline)) return
          if (entry.isWaiting) lanes.delete(entry)
          entry.isWaiting = false
          if (result instanceof ProblemError) reject(result)
          else resolve(result)
          if (deadlines.open() > 0) return
          settled?.resolve()
          settled = undefined
        },
      }
      const deadline = deadlines.begin(() => entry.settle(new ProblemError('kafka-unavailable')))
      lanes.add(entry)
      return promise
    },
    /** Removes as many as fit of those that `isOwn` selects, but at least one if any of their clients is still connected. */
    take(mostRecords: number, mostBytes: number, isOwn: (entry: Entry) => boolean = everything): Entry[] {
      for (;;) {
        const taken = lanes.take(mostRecords, mostBytes, isOwn)
        for (const entry of taken) entry.isWaiting = false
        const present = taken.filter((entry) => {
          const hasClient = !entry.isDisconnected()
          if (!hasClient) entry.settle(new ProblemError('overloaded'))
          return hasClient
        })
        if (present.length > 0 || taken.length === 0) return present
      }
    },
    /** Throws `overloaded` when a purchase whose client has been trying since then would have no room. */
    checkRoom(since: number): void {
      if (!lanes.canHavePurchase(since, 0)) throw new ProblemError('overloaded')
    },
    size: lanes.size,
    /** Number of entries without an answer, sent or not. */
    unanswered: deadlines.open,
    /** How long the oldest entry without an answer has waited, sent or not. */
    longestWaitMs: deadlines.longestMs,
    /** Resolves when all entries have been answered. */
    async settled(): Promise<void> {
      if (deadlines.open() === 0) return
      settled ??= Promise.withResolvers()
      await settled.promise
    },
  }
}
