import type { PartitionConsumer } from '../kafka/partition-consumer.ts'
import { type Claim, disconnect } from './claim-partition.ts'
import type { OutcomeCommitter } from './commit-outcomes.ts'
import type { createLogCheck } from './log-truncation.ts'

/** State of a partition that the group assigned to this member. */
export interface Ownership {
  released: AbortController
  /** Where the consumer reads on. A batch that begins before it shows a topic that was recreated, or a stale fetch. */
  position: number
  claim?: Claim
  /** It is claimed, and waits for a change of the layout. */
  isEntering?: boolean
  committer?: OutcomeCommitter
  /** Milliseconds since the epoch. */
  claimedAt?: number
  check?: ReturnType<typeof createLogCheck>
  jumpedTo?: number
  /** Where the partition ended when it was last fetched from. */
  end?: number
  /** When its last transaction ended; undefined during a transaction. */
  idleSince?: number | undefined
}

interface ClaimedPartition {
  partition: number
  next: number
  claimedAt: number
}

interface TableOptions {
  onBegin: (partition: number) => void
  onRelease: (partition: number, wasClaimed: boolean) => void
}

/** The partitions that the group assigned to this member. One without a committer is not claimed yet. */
export function createOwnershipTable({ onBegin, onRelease }: TableOptions) {
  const owned = new Map<number, Ownership>()

  return {
    owned: owned as ReadonlyMap<number, Ownership>,

    begin(partition: number): Ownership {
      const ownership: Ownership = { released: new AbortController(), position: 0 }
      owned.set(partition, ownership)
      onBegin(partition)
      return ownership
    },

    release(partition: number): void {
      const ownership = owned.get(partition)
      owned.delete(partition)
      onRelease(partition, ownership?.committer !== undefined)
      ownership?.released.abort()
      if (ownership?.claim) disconnect(ownership.claim.producer)
    },

    /** Offset of the first record of each partition that has no decision yet. */
    next: (): ReadonlyMap<number, number> =>
      new Map([...owned].map(([partition, { committer }]) => [partition, committer?.next() ?? 0])),

    /** Records of each partition without a decision, when it was last fetched from. */
    lags: (): ReadonlyMap<number, number> =>
      new Map(
        [...owned].map(([partition, { end = 0, committer }]) => [
          partition,
          Math.max(0, end - (committer?.next() ?? end)),
        ]),
      ),

    /** The claimed partitions: when, and the offset of their first record without a decision. */
    claimed: (): ClaimedPartition[] =>
      [...owned].flatMap(([partition, { committer, claimedAt = 0 }]) =>
        committer ? { partition, next: committer.next(), claimedAt } : [],
      ),

    areClaimed: (): boolean =>
      [...owned.values()].every(
        ({ committer, isEntering }) => committer !== undefined || isEntering === true,
      ),
  }
}

export type OwnershipTable = ReturnType<typeof createOwnershipTable>

/** Reads a partition on from there, and remembers it as its position. */
export function seek(
  consumer: Pick<PartitionConsumer, 'seek'>,
  partition: number,
  ownership: Ownership,
  offset: number,
) {
  ownership.position = offset
  consumer.seek(partition, offset)
}
