import { createOutcomeTail } from './outcome-tail.ts'
import { emptyPartition, type PartitionState } from './record.ts'

/** The position of each followed partition, and its newest outcomes. */
export function createFollowedPartitions(count: number, known: ReadonlyMap<number, PartitionState>) {
  const states = Array.from({ length: count }, (_, p) => known.get(p) ?? emptyPartition())
  const tails = Array.from({ length: count }, createOutcomeTail)

  return {
    count: (): number => states.length,
    states,

    grow(more: number): void {
      for (let partition = states.length; partition < more; partition++) {
        states.push(known.get(partition) ?? emptyPartition())
        tails.push(createOutcomeTail())
      }
    },

    state(partition: number): PartitionState {
      const state = states[partition]
      if (!state) throw new RangeError(`there is no partition ${partition}`)
      return state
    },

    tail(partition: number) {
      const tail = tails[partition]
      if (!tail) throw new RangeError(`there is no partition ${partition}`)
      return tail
    },
  }
}

export type FollowedPartitions = ReturnType<typeof createFollowedPartitions>
