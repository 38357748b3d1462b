import type { PartitionConsumer } from '../kafka/partition-consumer.ts'
import type { OutcomeStore } from '../read-model/outcome-store.ts'

/** Where the consumer reads each partition on. A batch that begins before it shows a recreated log, or a stale fetch. */
export function createFollowPositions(readModel: Pick<OutcomeStore, 'partition'>) {
  const positions = new Map<number, number>()
  // A jump that comes a second time is in the log itself: retention has removed the records between.
  const jumpedTo = new Map<number, number>()

  return {
    of: (partition: number): number => positions.get(partition) ?? 0,

    set(partition: number, next: number): void {
      positions.set(partition, next)
    },

    /** To where the read model ends. */
    seek(consumer: Pick<PartitionConsumer, 'seek'>, partition: number): void {
      const { next } = readModel.partition(partition)
      positions.set(partition, next)
      consumer.seek(partition, next)
    },

    isNewJump(partition: number, first: number): boolean {
      const isNew = jumpedTo.get(partition) !== first
      jumpedTo.set(partition, first)
      return isNew
    },
  }
}

export type FollowPositions = ReturnType<typeof createFollowPositions>
