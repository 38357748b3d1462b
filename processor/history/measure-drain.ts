/** Fewer records are classified in one transaction: no rate could be computed from them. */
const LEAST_BACKLOG = 1_000
const STRETCH_SECONDS = 10

interface Sample {
  /** Monotonic, in milliseconds. */
  at: number
  /** Decided records since the start. */
  decided: number
  /** Unclassified records of all partitions of this processor. */
  backlog: number
}

/**
 * The greatest rate of this processor over ten seconds in each of which it had a backlog of more than a second: then it did
 * not wait for checkouts, so that it classified as fast as it could.
 */
export function measureDrain() {
  let stretch: Sample[] = []
  let greatest: number | undefined

  return {
    /** Once a second. */
    sample(next: Sample): void {
      const last = stretch.at(-1)
      const least = Math.max(LEAST_BACKLOG, last === undefined ? 0 : next.decided - last.decided)
      if (next.backlog < least) {
        stretch = []
        return
      }
      stretch.push(next)
      if (stretch.length <= STRETCH_SECONDS) return
      const first = stretch.shift()
      if (first === undefined) return
      const rate = ((next.decided - first.decided) * 1_000) / (next.at - first.at)
      greatest = Math.max(greatest ?? 0, rate)
    },

    /** Records per second, since the last call; undefined if there was no such stretch. */
    take: (): number | undefined => {
      const taken = greatest
      greatest = undefined
      return taken
    },
  }
}
