const LISTED_SINGLY = 12
const MOST_RANGES = 20

/** `0, 1, 4`; where they are many, their ranges: `0–499, 502`. What no reader would take in is left out. */
export function listPartitions(partitions: readonly number[]): string {
  const sorted = partitions.toSorted((a, b) => a - b)
  if (sorted.length <= LISTED_SINGLY) return sorted.join(', ')
  const ranges: { from: number; to: number }[] = []
  for (const partition of sorted) {
    const last = ranges.at(-1)
    if (last?.to === partition - 1) last.to = partition
    else ranges.push({ from: partition, to: partition })
  }
  const listed = ranges
    .slice(0, MOST_RANGES)
    .map(({ from, to }) => (from === to ? String(from) : `${from}–${to}`))
  return [...listed, ...(ranges.length > MOST_RANGES ? ['…'] : [])].join(', ')
}
