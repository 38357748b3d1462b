import type { PartitionConsumer } from '../kafka/partition-consumer.ts'

interface GroupOffsetsOptions {
  consumer: () => Pick<PartitionConsumer, 'commitOffsets'> | undefined
  /** By owned partition, the offset of the first record that is not yet decided on. */
  next: () => ReadonlyMap<number, number>
}

/** The group's offsets are for tools that show lag. The processor reads them only where retention has cut the outcomes. */
export function createGroupOffsets({ consumer, next }: GroupOffsetsOptions) {
  const committed = new Map<number, number>()
  return {
    async commit(): Promise<void> {
      const changed = [...next()].filter(
        ([partition, offset]) => offset > 0 && committed.get(partition) !== offset,
      )
      if (changed.length === 0) return
      await consumer()?.commitOffsets(new Map(changed))
      for (const [partition, offset] of changed) committed.set(partition, offset)
    },

    /** Another consumer follows, which commits all of them again. */
    forget: () => committed.clear(),
  }
}
