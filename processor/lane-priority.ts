import { lanePartitions } from '../backbone/partition.ts'

interface LanePriorityOptions {
  /** Of DataTopic. */
  partitions: number
  /** Longest that a partition of browsers waits for buyers before it has a turn. */
  longestWaitMs: number
  /** Milliseconds that only rise. */
  now?: () => number
}

// More than one fetch brings at the usual rates: what stands there has waited for a turn already.
const LAGGING_RECORDS = 1_000
const TURN_MS = 1_000
// One that lags and makes no progress, because its broker is away or it is claimed anew, has nothing from others' waiting.
const PROGRESS_WITHIN_MS = 3_000

/**
 * Buyers before browsers, among the partitions of one member: while one that takes purchases lags, those that take the rest
 * wait. After `longestWaitMs` each has a turn of a second, so that none starves.
 */
export function createLanePriority({
  partitions,
  longestWaitMs,
  now = () => performance.now(),
}: LanePriorityOptions) {
  const { count: purchasePartitions } = lanePartitions('purchase', partitions)
  const seenLagging = new Map<number, number>()
  const phases = new Map<number, { isTurn: boolean; since: number }>()

  return {
    /** How many records of a partition stand behind the last one that was decided on. */
    observe(partition: number, lag: number): void {
      if (partition < purchasePartitions && lag > LAGGING_RECORDS) seenLagging.set(partition, now())
      else seenLagging.delete(partition)
    },

    /** The member owns it no longer: nobody here waits for it. */
    forget(partition: number): void {
      seenLagging.delete(partition)
      phases.delete(partition)
    },

    mustWait(partition: number): boolean {
      if (partition < purchasePartitions) return false
      if (!seenLagging.values().some((at) => now() - at < PROGRESS_WITHIN_MS)) {
        phases.delete(partition)
        return false
      }
      const phase = phases.get(partition) ?? { isTurn: false, since: now() }
      phases.set(partition, phase)
      if (now() - phase.since >= (phase.isTurn ? TURN_MS : longestWaitMs)) {
        Object.assign(phase, { isTurn: !phase.isTurn, since: now() })
      }
      return !phase.isTurn
    },
  }
}
