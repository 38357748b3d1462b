import type { Consumer } from 'kafkajs'
import type { OutcomeStore } from '../read-model/outcome-store.ts'

/** From where kafkajs reads each partition on. What begins before it is a log that was recreated, or a stale fetch. */
export function createFollowPositions(topic: string, readModel: Pick<OutcomeStore, 'partition'>) {
  const positions = new Map<number, number>()
  // A jump that is met a second time is in the log itself: retention has cut what was between.
  const jumpedTo = new Map<number, number>()

  return {
    of: (partition: number): number => positions.get(partition) ?? 0,

    set(partition: number, next: number): void {
      positions.set(partition, next)
    },

    /** To where the read model ends. */
    seek(consumer: Consumer, partition: number): void {
      const { next } = readModel.partition(partition)
      positions.set(partition, next)
      consumer.seek({ topic, partition, offset: String(next) })
    },

    isNewJump(partition: number, first: number): boolean {
      const isNew = jumpedTo.get(partition) !== first
      jumpedTo.set(partition, first)
      return isNew
    },
  }
}

export type FollowPositions = ReturnType<typeof createFollowPositions>
