import { lanePartitions } from '../../backbone/records/partition.ts'
import { LONGEST_TRANSACTION_MS } from './commit-transaction.ts'

interface LanePriorityOptions {
  /** Partitions of DataTopic that customers are spread over; those beyond mix purchases and visits of other programs. */
  homePartitions: () => number
  /** Longest pause of a partition of visits, before it is served for a second. */
  longestWaitMs: number
  /** Milliseconds of a monotonic clock. */
  now?: () => number
}

// More than one fetch brings at the usual rates.
const LAGGING_RECORDS = 1_000
const SERVED_MS = 1_000
// A partition that lags and makes no progress, because its broker is away or it is being claimed, gains nothing when others
// are paused. One in a slow transaction makes progress: then visits must leave it the processor.
const PROGRESS_WITHIN_MS = LONGEST_TRANSACTION_MS + 1_000

/**
 * Purchases before visits, among the partitions of one member: while a partition of purchases lags, those of visits are
 * paused. After `longestWaitMs` each of them is served for a second, so that none starves. That second begins when there are
 * records to process, however long their fetch took.
 */
export function createLanePriority({
  homePartitions,
  longestWaitMs,
  now = () => performance.now(),
}: LanePriorityOptions) {
  const purchasePartitions = () => lanePartitions('purchase', homePartitions()).count
  const seenLagging = new Map<number, number>()
  const pausedSince = new Map<number, number>()
  const servedSince = new Map<number, number>()

  const purchasesLag = () => seenLagging.values().some((at) => now() - at < PROGRESS_WITHIN_MS)
  const hasWaited = (partition: number) =>
    now() - (pausedSince.get(partition) ?? Number.NEGATIVE_INFINITY) >= longestWaitMs

  function endPhases(partition: number) {
    pausedSince.delete(partition)
    servedSince.delete(partition)
  }

  function begin(phase: Map<number, number>, partition: number) {
    endPhases(partition)
    phase.set(partition, now())
  }

  return {
    /** `lag`: records of the partition without a decision. */
    observe(partition: number, lag: number): void {
      if (partition < purchasePartitions() && lag > LAGGING_RECORDS) seenLagging.set(partition, now())
      else seenLagging.delete(partition)
    },

    /** The member owns it no longer. */
    forget(partition: number): void {
      seenLagging.delete(partition)
      endPhases(partition)
    },

    /** Called before each transaction: the first one after a pause begins the second in which it is served. */
    mustPause(partition: number): boolean {
      if (partition < purchasePartitions() || partition >= homePartitions()) return false
      if (!purchasesLag()) {
        endPhases(partition)
        return false
      }
      const served = servedSince.get(partition)
      if (served !== undefined && now() - served < SERVED_MS) return false
      if (pausedSince.has(partition) && hasWaited(partition)) {
        begin(servedSince, partition)
        return false
      }
      if (!pausedSince.has(partition)) begin(pausedSince, partition)
      return true
    },

    /** Whether a paused partition may be fetched from again. */
    mayResume: (partition: number): boolean => !purchasesLag() || hasWaited(partition),
  }
}
