import type { Randomizer } from '@faker-js/faker'

/** A Poisson count; of large means, its normal approximation. */
export function poisson({ next }: Pick<Randomizer, 'next'>, mean: number): number {
  if (mean > 50) {
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal))
  }
  const end = Math.exp(-mean)
  let count = 0
  for (let product = next(); product > end; product *= next()) count++
  return count
}
