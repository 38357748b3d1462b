import type { Logger } from 'pino'
import {
  CoordinatorMovedError,
  type PartitionConsumer,
  type RecordBatch,
} from '../kafka/partition-consumer.ts'
import type { ClaimLoop } from './claim-loop.ts'
import { type Ownership, type OwnershipTable, seek } from './ownership.ts'

interface SessionOptions {
  sessionTimeoutMs: number
  /** When the group's coordinator last answered, by `performance.now()`. */
  lastHeard: () => number
}

interface AssignmentOptions extends SessionOptions {
  /** Claims are renewed after this time. */
  longestClaimMs: number
  table: OwnershipTable
  takeOver: ClaimLoop['takeOver']
  log: Logger
}

/**
 * Claims the partitions that the group assigns to this member, releases those that it revokes, and claims failed ones
 * again.
 */
export function createAssignment(options: AssignmentOptions) {
  const { sessionTimeoutMs, longestClaimMs, table, takeOver, lastHeard, log } = options
  const { owned } = table
  const assertHeard = createHeardCheck({ sessionTimeoutMs, lastHeard })
  const stillMember = createMemberCheck(assertHeard)
  let joined = false

  function onJoin(consumer: PartitionConsumer, assigned: number[]): void {
    joined = true
    log.info({ partitions: assigned }, 'assigned')
    for (const partition of owned.keys()) if (!assigned.includes(partition)) table.release(partition)
    for (const partition of assigned) {
      const ownership = owned.get(partition)
      if (ownership?.committer) {
        // A consumer that joins again reads on from the group's offset.
        seek(consumer, partition, ownership, ownership.committer.next())
      } else {
        consumer.pause(partition)
        if (!owned.has(partition)) void takeOver(consumer, partition)
      }
    }
  }

  /** After a failed transaction. */
  function reclaim(
    consumer: PartitionConsumer,
    batch: RecordBatch,
    ownership: Ownership,
    failure: unknown,
  ): void {
    const { partition } = batch
    // Assigned to another member meanwhile, which must not be fenced, or being reclaimed already.
    if (owned.get(partition) !== ownership) return
    table.release(partition)
    // This consumer has stopped: the next one claims what it is assigned, and must not find it claimed already.
    if (!batch.isRunning()) return
    consumer.pause(partition)
    void takeOver(consumer, partition, { mayClaim: stillMember(batch), failure })
  }

  return {
    onJoin,
    reclaim,

    /** A partition without new records would not find out by itself that the log of its outcomes was recreated. */
    reclaimWhereLogsChanged(consumer: PartitionConsumer | undefined): void {
      for (const [partition, { committer }] of owned) {
        if (!consumer || !committer || committer.holds()) continue
        log.warn({ partition }, 'the log of the outcomes was recreated, claiming the partition again')
        table.release(partition)
        consumer.pause(partition)
        void takeOver(consumer, partition)
      }
    },

    /** To decide by another layout. */
    claimFor(consumer: PartitionConsumer | undefined, partition: number, version: number): void {
      if (!consumer) return
      table.release(partition)
      consumer.pause(partition)
      void takeOver(consumer, partition, { mayClaim: async () => assertHeard(), switchTo: version })
    },

    /** By its last claim, a log shows on which cluster it is written: retention must not remove it. */
    renewOldClaims(consumer: PartitionConsumer | undefined): void {
      for (const [partition, { claimedAt = 0, idleSince, committer }] of owned) {
        const isOld = Date.now() - claimedAt > longestClaimMs
        // Not during a transaction.
        if (!consumer || !committer || !isOld || idleSince === undefined) continue
        table.release(partition)
        consumer.pause(partition)
        void takeOver(consumer, partition)
      }
    },

    releaseAll(): void {
      joined = false
      for (const partition of owned.keys()) table.release(partition)
    },

    /** Every partition that the group assigned to this member is claimed. */
    isClaimed: (): boolean => joined && table.areClaimed(),
  }
}

/** Throws when the group may have continued without this member: others get its partitions when its session has expired. */
const createHeardCheck =
  ({ sessionTimeoutMs, lastHeard }: SessionOptions) =>
  (): void => {
    if (performance.now() - lastHeard() > sessionTimeoutMs)
      throw new Error('the coordinator of the group cannot be reached')
  }

/**
 * Rejects when the group may have continued without this member. Whether it must join another coordinator shows when it
 * consumes, and for that it needs a claimed partition: so that error is ignored here.
 */
const createMemberCheck =
  (assertHeard: () => void) => (batch: Pick<RecordBatch, 'heartbeat'>) => async (): Promise<void> => {
    await batch.heartbeat().catch((error: unknown) => {
      if (!(error instanceof CoordinatorMovedError)) throw error
    })
    assertHeard()
  }
