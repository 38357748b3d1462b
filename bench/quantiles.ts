/** Milliseconds. */
export interface Quantiles {
  p50: number
  p90: number
  p99: number
  max: number
}

export const quantileNames = ['p50', 'p90', 'p99', 'max'] as const

/** By nearest rank. */
export function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (q: number) => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) }
}
