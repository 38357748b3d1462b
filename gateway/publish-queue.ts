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
  readonly arrivedAt: number
  readonly settle: (result: Result | ProblemError) => void
}

/** First in, first out; bounded in number and bytes; nobody waits longer than the timeout. */
export function createPublishQueue<Item, Result>({ maxRecords, maxBytes, timeoutMs }: QueueOptions) {
  const waiting = new Set<Waiting<Item, Result>>()
  const unanswered = new Map<Waiting<Item, Result>, Promise<Result>>()
  let waitingBytes = 0

  function leave(entry: Waiting<Item, Result>) {
    if (waiting.delete(entry)) waitingBytes -= entry.bytes
  }

  return {
    /** Throws `overloaded` when it is full; the promise rejects with what the sender settles it with, or in time. */
    add(item: Item, bytes: number): Promise<Result> {
      if (waiting.size >= maxRecords || waitingBytes + bytes > maxBytes) throw new ProblemError('overloaded')
      const { promise, resolve, reject } = Promise.withResolvers<Result>()
      const timer = setTimeout(() => entry.settle(new ProblemError('kafka-unavailable')), timeoutMs)
      const entry: Waiting<Item, Result> = {
        item,
        bytes,
        arrivedAt: performance.now(),
        settle(result) {
          clearTimeout(timer)
          leave(entry)
          unanswered.delete(entry)
          if (result instanceof ProblemError) reject(result)
          else resolve(result)
        },
      }
      waiting.add(entry)
      waitingBytes += bytes
      unanswered.set(entry, promise)
      return promise
    },
    /** Takes as many as fit, but one at least if there is one. */
    take(mostRecords: number, mostBytes: number): Waiting<Item, Result>[] {
      const taken: Waiting<Item, Result>[] = []
      let bytes = 0
      for (const entry of waiting) {
        bytes += entry.bytes
        if (taken.length === mostRecords || (taken.length > 0 && bytes > mostBytes)) break
        taken.push(entry)
      }
      for (const entry of taken) leave(entry)
      return taken
    },
    isEmpty: () => waiting.size === 0,
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
