interface Ordered {
  /** Lower comes first; equal ones are in order of arrival. */
  readonly since: number
  readonly bytes: number
}

/**
 * Entries in order, whose number the caller limits. Nearly all are added at the end and taken from the beginning, so
 * an array is better than a heap, which could not be read in order.
 */
export function createOrderedEntries<Entry extends Ordered>() {
  let entries: Entry[] = []
  let bytes = 0

  /** Index of the first entry after all entries of this time. */
  function indexAfter(since: number): number {
    let low = 0
    let high = entries.length
    if (high > 0 && (entries[high - 1]?.since ?? 0) <= since) return high
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((entries[middle]?.since ?? 0) <= since) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    add(entry: Entry): void {
      const index = indexAfter(entry.since)
      if (index === entries.length) entries.push(entry)
      else entries.splice(index, 0, entry)
      bytes += entry.bytes
    },
    /** False when it is not there. */
    delete(entry: Entry): boolean {
      const index = entries[0] === entry ? 0 : entries.lastIndexOf(entry, indexAfter(entry.since) - 1)
      if (index === -1) return false
      entries.splice(index, 1)
      bytes -= entry.bytes
      return true
    },
    /** Removes the first entries of those that `isOwn` selects, up to the first for which `more` is false. */
    takeWhile(more: (entry: Entry) => boolean, isOwn: (entry: Entry) => boolean): Entry[] {
      const taken: Entry[] = []
      const others: Entry[] = []
      const end = entries.findIndex((entry) => {
        if (!isOwn(entry)) others.push(entry)
        else if (more(entry)) taken.push(entry)
        else return true
        return false
      })
      entries = others.concat(end === -1 ? [] : entries.slice(end))
      for (const entry of taken) bytes -= entry.bytes
      return taken
    },
    size: () => entries.length,
    bytes: () => bytes,
    /** Of the entries that `isOwn` selects. */
    total(isOwn: (entry: Entry) => boolean): { size: number; bytes: number } {
      const own = entries.filter(isOwn)
      return { size: own.length, bytes: own.reduce((sum, entry) => sum + entry.bytes, 0) }
    },
    first: (): Entry | undefined => entries[0],
    last: (): Entry | undefined => entries.at(-1),
    newest: (isOwn: (entry: Entry) => boolean): Entry | undefined => entries.findLast(isOwn),
    /** The entries before one that is added now with this time. */
    before(since: number): { size: number; bytes: number } {
      const size = indexAfter(since)
      if (size === entries.length) return { size, bytes }
      return { size, bytes: entries.slice(0, size).reduce((sum, entry) => sum + entry.bytes, 0) }
    },
  }
}
