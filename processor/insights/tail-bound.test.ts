import { expect, test } from 'vitest'
import { tailBound } from './tail-bound.ts'

/** Exactly: `hits` or more of `trials`. */
function tail(hits: number, trials: number, share: number): number {
  let [term, sum] = [(1 - share) ** trials, 0]
  for (let k = 0; k <= trials; k++) {
    if (k >= hits) sum += term
    term *= (((trials - k) / (k + 1)) * share) / (1 - share)
  }
  return sum
}

test('the bound is above the exact chance for each number of hits, and near it far out', () => {
  for (const trials of [1, 5, 20, 200])
    for (const share of [0.01, 0.1, 0.5])
      for (let hits = 0; hits <= trials; hits++) {
        const bound = tailBound(hits, trials, trials * share)
        expect(bound).toBeGreaterThanOrEqual(tail(hits, trials, share) * (1 - 1e-9))
      }
  const [bound, exact] = [tailBound(40, 200, 20), tail(40, 200, 0.1)]
  expect(Math.log(bound) / Math.log(exact)).toBeGreaterThan(0.8)
})

test('as many as expected, or none tried, is no surprise; any is one if none is expected', () => {
  expect(tailBound(2, 20, 2)).toBe(1)
  expect(tailBound(0, 0, 0)).toBe(1)
  expect(tailBound(1, 20, 0)).toBe(0)
})
