import type { Consumer, EachBatchPayload } from 'kafkajs'
import type { Logger } from 'pino'
import { CoordinatorMovedError } from '../kafka/heartbeats.ts'
import type { ClaimLoop } from './claim-loop.ts'
import { type Ownership, type OwnershipTable, seek } from './ownership.ts'

interface SessionOptions {
  sessionTimeoutMs: number
  /** When the group's coordinator last answered, by `performance.now()`. */
  lastHeard: () => number
}

interface AssignmentOptions extends SessionOptions {
  topic: string
  table: OwnershipTable
  takeOver: ClaimLoop['takeOver']
  log: Logger
}

/** Claims what the group assigns to this member, releases what it takes away, and claims again what failed. */
export function createAssignment({
  topic,
  sessionTimeoutMs,
  table,
  takeOver,
  lastHeard,
  log,
}: AssignmentOptions) {
  const { owned } = table
  const stillMember = createMemberCheck({ sessionTimeoutMs, lastHeard })
  let joined = false

  function onJoin(consumer: Consumer, assigned: number[]): void {
    joined = true
    log.info({ partitions: assigned }, 'assigned')
    for (const partition of owned.keys()) if (!assigned.includes(partition)) table.release(partition)
    for (const partition of assigned) {
      const ownership = owned.get(partition)
      if (ownership?.committer) {
        // kafkajs forgets where it was when it joins again.
        seek(consumer, topic, partition, ownership, ownership.committer.next())
      } else {
        consumer.pause([{ topic, partitions: [partition] }])
        if (!owned.has(partition)) void takeOver(consumer, partition)
      }
    }
  }

  /** After a failed transaction. */
  function reclaim(
    consumer: Consumer,
    payload: EachBatchPayload,
    ownership: Ownership,
    failure: unknown,
  ): void {
    const { partition } = payload.batch
    // Assigned to another member meanwhile, which must not be fenced, or being reclaimed already.
    if (owned.get(partition) !== ownership) return
    table.release(partition)
    // This consumer has ended: the next one claims what it is assigned, and must not find it taken over already.
    if (!payload.isRunning()) return
    consumer.pause([{ topic, partitions: [partition] }])
    void takeOver(consumer, partition, stillMember(payload), failure)
  }

  return {
    onJoin,
    reclaim,

    /** A partition without new records would not find out by itself that the log of its outcomes was recreated. */
    reclaimWhereLogsChanged(consumer: Consumer | undefined): void {
      for (const [partition, { committer }] of owned) {
        if (!consumer || !committer || committer.holds()) continue
        log.warn({ partition }, 'the log of the outcomes was recreated, claiming the partition again')
        table.release(partition)
        consumer.pause([{ topic, partitions: [partition] }])
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

/**
 * Rejects when the group may have gone on without this member. Nobody else is given a member's partitions before its
 * session is over. That it must join another coordinator shows when it consumes, for which it needs a partition that is
 * claimed.
 */
const createMemberCheck =
  ({ sessionTimeoutMs, lastHeard }: SessionOptions) =>
  (payload: EachBatchPayload) =>
  async (): Promise<void> => {
    await payload.heartbeat().catch((error: unknown) => {
      if (!(error instanceof CoordinatorMovedError)) throw error
    })
    if (performance.now() - lastHeard() > sessionTimeoutMs)
      throw new Error('the coordinator of the group cannot be reached')
  }
