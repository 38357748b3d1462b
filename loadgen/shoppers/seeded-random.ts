import type { Randomizer } from '@faker-js/faker'

const WARM_UP_ROUNDS = 15

/**
 * sfc32 (Chris Doty-Humphrey, PractRand), seeded with up to three words. Each shopper is seeded separately,
 * and seeding faker's Mersenne Twister takes as long as generating several shoppers.
 */
export function createSeededRandom(): Randomizer {
  let a = 0
  let b = 0
  let c = 0
  let counter = 1

  const next = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }

  return {
    next,
    seed(seed) {
      const [first = 0, second = 0, third = 0] = Array.isArray(seed) ? seed : [seed]
      a = third | 0
      b = first | 0
      c = second | 0
      counter = 1
      for (let round = 0; round < WARM_UP_ROUNDS; round++) next()
    },
  }
}
