interface Sample {
  at: number
  end: number
}

const KEPT_MS = 20_000
const MOST_SAMPLES = 2_000
const LONGEST_GUESS_MS = 4_000

/** Where the partitions of a log ended at several moments: they tell since when a record has been in it. */
export function createEndSamples() {
  const byPartition = new Map<number, Sample[]>()

  function add(partition: number, sample: Sample): void {
    const samples = byPartition.get(partition) ?? []
    const last = samples.at(-1)
    // The topic was recreated: the old ends say nothing about the new log.
    if (last !== undefined && sample.end < last.end) samples.length = 0
    if (last !== undefined && sample.at < last.at) return
    samples.push(sample)
    // A backlog of hours needs no resolution of seconds.
    if (samples.length > MOST_SAMPLES)
      byPartition.set(
        partition,
        samples.filter((_, index) => index % 2 === 1 || index > MOST_SAMPLES / 2),
      )
    else byPartition.set(partition, samples)
  }

  return {
    /** By partition, in the order of the samples' times. */
    add(ends: ReadonlyMap<number, number>, at: number): void {
      for (const [partition, end] of ends) add(partition, { at, end })
    },

    partitions: (): number[] => [...byPartition.keys()],

    end: (partition: number): number | undefined => byPartition.get(partition)?.at(-1)?.end,

    /** Estimated between two samples, and for a moment after the last one. */
    endAt(partition: number, time: number): number | undefined {
      const samples = byPartition.get(partition) ?? []
      const last = samples.at(-1)
      if (last === undefined) return undefined
      if (samples.length < 2) return last.end
      const to = Math.min(
        firstWhere(samples, ({ at }) => at >= time),
        samples.length - 1,
      )
      const from = samples[to - 1]
      const until = samples[to]
      if (from === undefined || until === undefined) return samples[0]?.end
      const reach = Math.min(time, until.at + LONGEST_GUESS_MS) - from.at
      return from.end + ((until.end - from.end) * reach) / Math.max(1, until.at - from.at)
    },

    /** The first sampled moment when the partition had a record at this offset; undefined if it never had. */
    passedAt(partition: number, offset: number): number | undefined {
      const samples = byPartition.get(partition) ?? []
      return samples[firstWhere(samples, ({ end }) => end > offset)]?.at
    },

    /** Records before the offset are done: nobody asks for their age. */
    forget(partition: number, offset: number, now: number): void {
      const samples = byPartition.get(partition) ?? []
      const needed = firstWhere(samples, ({ at, end }) => at >= now - KEPT_MS || end > offset)
      // One before them stays, to estimate from.
      if (needed > 1 && needed < samples.length) samples.splice(0, needed - 1)
    },
  }
}

/**
 * Index of the first sample for which this holds, as it does for all later ones; the number of samples if there is none. A
 * backlog of hours has thousands of them, for each partition.
 */
function firstWhere(samples: readonly Sample[], holds: (sample: Sample) => boolean): number {
  let low = 0
  let high = samples.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const sample = samples[middle]
    if (sample && holds(sample)) high = middle
    else low = middle + 1
  }
  return low
}

export type EndSamples = ReturnType<typeof createEndSamples>
