import { expect, test } from 'vitest'
import { mantelHaenszel } from './mantel-haenszel.ts'

// Greenland, in Rothman and Greenland, Modern Epidemiology, chapter 15, table 15-1 (University Group Diabetes
// Program): deaths with tolbutamide and placebo, below the age of 55 and above.
test('the ratio within strata, and its interval', () => {
  const { ratio, interval } = mantelHaenszel([
    { exposed: { of: 106, slow: 8 }, others: { of: 120, slow: 5 } },
    { exposed: { of: 98, slow: 22 }, others: { of: 85, slow: 16 } },
  ]) ?? { ratio: 0, interval: [0, 0] }
  expect(ratio).toBeCloseTo(1.33, 2)
  expect(interval[0]).toBeCloseTo(0.8, 1)
  expect(interval[1]).toBeCloseTo(2.2, 1)
})

test("Simpson's paradox: alike within each stratum, unlike without", () => {
  const strata = [
    { exposed: { of: 900, slow: 270 }, others: { of: 100, slow: 30 } },
    { exposed: { of: 100, slow: 5 }, others: { of: 900, slow: 45 } },
  ]
  expect(mantelHaenszel(strata)?.ratio).toBeCloseTo(1, 9)
  expect(
    mantelHaenszel([{ exposed: { of: 1_000, slow: 275 }, others: { of: 1_000, slow: 75 } }])?.ratio,
  ).toBeCloseTo(275 / 75, 9)
})
