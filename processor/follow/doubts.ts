/** Of each partition, for how long it has been in doubt: from the first sign on, while the next always comes within `sameWithinMs`. */
export function createDoubts(sameWithinMs: number) {
  const doubts = new Map<number, { first: number; last: number }>()
  return {
    /** One more sign. Milliseconds since the first. */
    again(partition: number): number {
      const now = performance.now()
      const before = doubts.get(partition)
      const first = before && now - before.last < sameWithinMs ? before.first : now
      doubts.set(partition, { first, last: now })
      return now - first
    },
    end: (partition: number): boolean => doubts.delete(partition),
  }
}
