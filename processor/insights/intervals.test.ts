import { expect, test } from 'vitest'
import { riskRatio, wilson } from './intervals.ts'

// Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I,
// method 3.
test.each([
  [{ of: 263, slow: 81 }, [0.2553, 0.3662]],
  [{ of: 148, slow: 15 }, [0.0624, 0.1605]],
  [{ of: 20, slow: 0 }, [0, 0.1611]],
  [{ of: 29, slow: 1 }, [0.0061, 0.1718]],
])('the interval of Wilson for %j', (counts, [lower, upper]) => {
  const found = wilson(counts)
  expect(found[0]).toBeCloseTo(lower ?? 0, 4)
  expect(found[1]).toBeCloseTo(upper ?? 0, 4)
})

test('without purchases nothing is known of their share', () => {
  expect(wilson({ of: 0, slow: 0 })).toEqual([0, 1])
})

// The Physicians' Health Study, as in Agresti, Categorical Data Analysis, section 2.1: 189 of 11,034 with placebo and
// 104 of 11,037 with aspirin had a heart attack: 1.82, from 1.43 to 2.3.
test('the interval of Katz of a ratio', () => {
  const { ratio, interval } = riskRatio({ of: 11_034, slow: 189 }, { of: 11_037, slow: 104 }) ?? {}
  expect(ratio).toBeCloseTo(1.82, 2)
  expect(interval?.[0]).toBeCloseTo(1.43, 2)
  expect(interval?.[1]).toBeCloseTo(2.3, 1)
})

test('a ratio without slow purchases on one side is finite, and without purchases there is none', () => {
  const { ratio = 0, interval = [0, 0] } = riskRatio({ of: 10, slow: 4 }, { of: 100, slow: 0 }) ?? {}
  expect(Number.isFinite(ratio) && Number.isFinite(interval[1])).toBe(true)
  expect(ratio).toBeGreaterThan(1)
  expect(riskRatio({ of: 0, slow: 0 }, { of: 1, slow: 1 })).toBeUndefined()
  expect(riskRatio({ of: 1, slow: 1 }, { of: 0, slow: 0 })).toBeUndefined()
})
