import { generateMersenne53Randomizer } from '@faker-js/faker'

/** A source of random cases. Its seed is printed; `TEST_SEED` brings the same cases back. */
export function createTestRandom() {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000)
  console.log(`TEST_SEED=${seed}`)
  const randomizer = generateMersenne53Randomizer(seed)
  const below = (limit: number): number => Math.floor(randomizer.next() * limit)
  return {
    /** A whole number from 0, and less than `limit`. */
    below,
    chance: (probability: number): boolean => randomizer.next() < probability,
    oneOf: <T>(...choices: [T, ...T[]]): T => choices[below(choices.length)] ?? choices[0],
    bytes: (length: number): Buffer => Buffer.from(Array.from({ length }, () => below(256))),
  }
}
