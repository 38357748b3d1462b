import { expect, test } from 'vitest'
import { createSeededRandom } from './seeded-random.ts'
import { createZipf } from './zipf.ts'

const DRAWS = 100_000
const LEAST_EXPECTED = 20
const seed = Math.floor(Math.random() * 2 ** 32)
console.log(`seed of the random ranks: ${seed}`)

test.each([
  [40, 0],
  [40, 1.1],
  [40, 2],
  [1_000, 0.7],
  [3, 4],
])('of %i, drawn with exponent %f, each comes up as the law says', (size, exponent) => {
  const { seed: start, next } = createSeededRandom()
  start(seed)
  const indexOf = createZipf(size, exponent)
  const counts = Array.from({ length: size }, () => 0)
  for (let draw = 0; draw < DRAWS; draw++) counts[indexOf(next())]! += 1

  const weights = counts.map((_, index) => 1 / (index + 1) ** exponent)
  const sum = weights.reduce((a, b) => a + b)
  const expected = weights.map((weight) => (DRAWS * weight) / sum)
  // Pearson's test needs a few samples in every class: the rarest ranks share the last one.
  const apart = expected.filter((count) => count >= LEAST_EXPECTED).length
  const classes = (list: number[]) => [...list.slice(0, apart), list.slice(apart).reduce((a, b) => a + b, 0)]
  const [seen, due] = [classes(counts), classes(expected)]
  const chiSquare = due.reduce(
    (total, count, i) => (count > 0 ? total + ((seen[i] ?? 0) - count) ** 2 / count : total),
    0,
  )
  expect(chiSquare).toBeLessThan(apart + 7 * Math.sqrt(2 * apart))
})

test('the ends of the range are the ends of the list', () => {
  expect(createZipf(40, 1)(0)).toBe(0)
  expect(createZipf(40, 1)(1 - 2 ** -32)).toBe(39)
  expect(createZipf(1, 1)(0.5)).toBe(0)
})
