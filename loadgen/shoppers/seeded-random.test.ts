import { expect, test } from 'vitest'
import { createSeededRandom } from './seeded-random.ts'

const COUNT = 20_000
// Five standard deviations of the mean of so many uniform numbers, and of the correlation of two such series.
const MEAN_BOUND = 5 / Math.sqrt(12 * COUNT)
const CORRELATION_BOUND = 5 / Math.sqrt(COUNT)

function firstOf(seed: number | number[]): number {
  const random = createSeededRandom()
  random.seed(seed)
  return random.next()
}

test('a seed restarts the same numbers, whatever was drawn before', () => {
  const random = createSeededRandom()
  const take = () => {
    random.seed([7, 8, 9])
    return Array.from({ length: 20 }, random.next)
  }
  expect(take()).toEqual(take())
})

// Shoppers are seeded with numbers one apart: the first draw of each must already be independent.
test.each([
  ['first', (n: number) => [n, 1, 1]],
  ['second', (n: number) => [1, n, 1]],
  ['third', (n: number) => [1, 1, n]],
])('neighbours in the %s word of the seed begin independently and evenly', (_word, seedOf) => {
  const draws = Array.from({ length: COUNT }, (_, n) => firstOf(seedOf(n)) - 0.5)
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / COUNT
  const correlation = draws.reduce((sum, draw, n) => sum + draw * (draws[n + 1] ?? 0), 0) / (COUNT / 12)
  expect(Math.abs(mean)).toBeLessThan(MEAN_BOUND)
  expect(Math.abs(correlation)).toBeLessThan(CORRELATION_BOUND)
})

test('each word of the seed counts', () => {
  const seeds = [0, 1, [0, 1], [0, 0, 1], [1, 0, 1], [1, 1], [1, 1, 1]]
  expect(new Set(seeds.map(firstOf)).size).toBe(seeds.length)
})
