import { generateMersenne53Randomizer } from '@faker-js/faker'

/** A source of random test cases. It prints its seed; `TEST_SEED` repeats the cases. */
export function createTestRandom() {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000)
  console.log(`TEST_SEED=${seed}`)
  const randomizer = generateMersenne53Randomizer(seed)
  const below = (limit: number): number => Math.floor(randomizer.next() * limit)
  return {
    /** An integer from 0, below `limit`. */
    below,
    chance: (probability: number): boolean => randomizer.next() < probability,
    oneOf: <T>(...choices: [T, ...T[]]): T => choices[below(choices.length)] ?? choices[0],
    bytes: (length: number): Buffer => Buffer.from(Array.from({ length }, () => below(256))),
  }
}
