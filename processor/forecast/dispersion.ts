/**
 * Noise: half the squared steps between neighbours, divided by the values. 1 for Poisson counts; other series have other
 * units. The median over days, so that promotions and outliers do not count.
 */
export function dispersionOf(values: Float64Array, day: number): number {
  const ratios: number[] = []
  for (let from = 1; from < values.length; from += day) {
    const ratio = ratioOf(values, from, Math.min(from + day, values.length))
    if (ratio !== undefined) ratios.push(ratio)
  }
  ratios.sort((a, b) => a - b)
  // Without any noise, too, something must be divided by it.
  return Math.max(ratios[Math.floor(ratios.length / 2)] ?? 0, Number.EPSILON)
}

function ratioOf(values: Float64Array, from: number, until: number): number | undefined {
  let squares = 0
  let sum = 0
  for (let t = from; t < until; t++) {
    const difference = values[t]! - values[t - 1]!
    if (Number.isNaN(difference)) continue
    squares += difference ** 2 / 2
    sum += values[t]!
  }
  return sum > 0 ? squares / sum : undefined
}
