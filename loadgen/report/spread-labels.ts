/** Moves labels apart as little as necessary, so that none overlap; in the given order. */
export function spreadLabels(wanted: readonly number[], gap: number, bottom: number): number[] {
  const order = wanted.map((_, index) => index).toSorted((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0))
  const placed: number[] = []
  let lowest = Number.NEGATIVE_INFINITY
  for (const index of order) {
    lowest = Math.max(wanted[index] ?? 0, lowest + gap)
    placed[index] = lowest
  }
  let highest = bottom
  for (const index of order.toReversed()) {
    placed[index] = Math.min(placed[index] ?? 0, highest)
    highest = placed[index] - gap
  }
  return placed
}
