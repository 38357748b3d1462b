import type { Consumer } from 'kafkajs'
import { type Claim, disconnect } from './claim-partition.ts'
import type { OutcomeCommitter } from './commit-outcomes.ts'
import type { createLogCheck } from './log-truncation.ts'

/** What a member keeps of a partition that the group gave it. */
export interface Ownership {
  released: AbortController
  /** From where kafkajs reads on. What begins before it is a topic that was recreated, or a stale fetch. */
  position: number
  claim?: Claim
  committer?: OutcomeCommitter
  check?: ReturnType<typeof createLogCheck>
  jumpedTo?: number
  /** Where the partition ended when it was last fetched from. */
  end?: number
  /** When its last transaction ended; undefined while one is in hand. */
  idleSince?: number | undefined
}

interface TableOptions {
  onBegin: (partition: number) => void
  onRelease: (partition: number) => void
}

/** The partitions that the group gave this member. One without a committer is still to be claimed. */
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
      onRelease(partition)
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

    areClaimed: (): boolean => [...owned.values()].every(({ committer }) => committer !== undefined),
  }
}

export type OwnershipTable = ReturnType<typeof createOwnershipTable>

/** Lets a consumer read a partition that it owns from there. */
export function seek(
  consumer: Consumer,
  topic: string,
  partition: number,
  ownership: Ownership,
  offset: number,
) {
  ownership.position = offset
  consumer.seek({ topic, partition, offset: String(offset) })
}
