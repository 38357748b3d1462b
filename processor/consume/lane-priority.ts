import { lanePartitions } from '../../backbone/records/partition.ts'

interface LanePriorityOptions {
  /** Those of DataTopic that customers are spread over; beyond them other programs' purchases and visits are mixed. */
  homePartitions: number
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
 * wait. After `longestWaitMs` each has a turn of a second, so that none starves; it begins when there is something to do in it,
 * however long that took to be fetched.
 */
export function createLanePriority({
  homePartitions,
  longestWaitMs,
  now = () => performance.now(),
}: LanePriorityOptions) {
  const { count: purchasePartitions } = lanePartitions('purchase', homePartitions)
  const seenLagging = new Map<number, number>()
  const waitingSince = new Map<number, number>()
  const turnSince = new Map<number, number>()

  const buyersLag = () => seenLagging.values().some((at) => now() - at < PROGRESS_WITHIN_MS)
  const hasWaited = (partition: number) =>
    now() - (waitingSince.get(partition) ?? Number.NEGATIVE_INFINITY) >= longestWaitMs

  function endPhases(partition: number) {
    waitingSince.delete(partition)
    turnSince.delete(partition)
  }

  function begin(phase: Map<number, number>, partition: number) {
    endPhases(partition)
    phase.set(partition, now())
  }

  return {
    /** How many records of a partition stand behind the last one that was decided on. */
    observe(partition: number, lag: number): void {
      if (partition < purchasePartitions && lag > LAGGING_RECORDS) seenLagging.set(partition, now())
      else seenLagging.delete(partition)
    },

    /** The member owns it no longer: nobody here waits for it. */
    forget(partition: number): void {
      seenLagging.delete(partition)
      endPhases(partition)
    },

    /** Asked before each transaction: the first one after a wait begins the turn. */
    mustWait(partition: number): boolean {
      if (partition < purchasePartitions || partition >= homePartitions) return false
      if (!buyersLag()) {
        endPhases(partition)
        return false
      }
      const turn = turnSince.get(partition)
      if (turn !== undefined && now() - turn < TURN_MS) return false
      if (waitingSince.has(partition) && hasWaited(partition)) {
        begin(turnSince, partition)
        return false
      }
      if (!waitingSince.has(partition)) begin(waitingSince, partition)
      return true
    },

    /** Whether one that waits may be fetched from again. */
    mayGoOn: (partition: number): boolean => !buyersLag() || hasWaited(partition),
  }
}
