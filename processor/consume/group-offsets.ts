import type { Consumer } from 'kafkajs'

interface GroupOffsetsOptions {
  /** Of DataTopic. */
  topic: string
  consumer: () => Consumer | undefined
  /** By owned partition, the offset of the first record that is not yet decided on. */
  next: () => ReadonlyMap<number, number>
}

/** The group's offsets are for the tools that show lag; nothing here ever reads them but to bridge what retention has cut. */
export function createGroupOffsets({ topic, consumer, next }: GroupOffsetsOptions) {
  const committed = new Map<number, number>()
  return {
    async commit(): Promise<void> {
      const changed = [...next()].filter(
        ([partition, offset]) => offset > 0 && committed.get(partition) !== offset,
      )
      if (changed.length === 0) return
      const offsets = changed.map(([partition, offset]) => ({ topic, partition, offset: String(offset) }))
      await consumer()?.commitOffsets(offsets)
      for (const [partition, offset] of changed) committed.set(partition, offset)
    },

    /** Another consumer begins anew. */
    forget: () => committed.clear(),
  }
}
