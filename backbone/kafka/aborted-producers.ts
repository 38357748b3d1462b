/** As a Fetch response lists it for a partition. */
export interface AbortedTransaction {
  producerId: string
  firstOffset: number
}

interface BatchInLog {
  producerId: string
  lastOffset: number
  isControlBatch: boolean
}

/**
 * Follows the batches of a partition in their order, and knows which of them belong to aborted transactions. Brokers list
 * transactions in the order of their ends: one that began before another may come after it.
 */
export function followAborted(listed: readonly AbortedTransaction[]) {
  const upcoming = listed.toSorted((a, b) => a.firstOffset - b.firstOffset)
  const aborting = new Set<string>()

  return {
    /** Called for each batch. */
    isAborted({ producerId, lastOffset, isControlBatch }: BatchInLog): boolean {
      if (listed.length === 0) return false
      for (let [next] = upcoming; next && next.firstOffset <= lastOffset; [next] = upcoming) {
        aborting.add(next.producerId)
        upcoming.shift()
      }
      // A marker ends the transaction of its producer.
      if (isControlBatch) aborting.delete(producerId)
      return aborting.has(producerId)
    },
  }
}

export type AbortedProducers = ReturnType<typeof followAborted>
