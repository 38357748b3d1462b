import { expect, test } from 'vitest'
import { constantArrivalRate } from './schedule.ts'

test.each([
  [500, 30_000, 15_000],
  [0.5, 6_000, 3],
  [0.5, 6_001, 4],
  [0.1, 30_000, 3],
  [1 / 3, 9_000, 3],
  [10_000, 1, 10],
  [1, 1, 1],
])(
  '%d/s for %d ms are %d iterations, the first at once and all before the end',
  (rate, durationMs, count) => {
    const { iterations, dueAt } = constantArrivalRate(rate, durationMs)
    expect(iterations).toBe(count)
    expect(dueAt(0)).toBe(0)
    expect(dueAt(iterations - 1)).toBeLessThan(durationMs)
    expect(dueAt(iterations)).toBeGreaterThanOrEqual(durationMs - 1e-6)
  },
)

test('periods do not drift: the last of many is due to the microsecond', () => {
  const { dueAt } = constantArrivalRate(3, 86_400_000)
  expect(dueAt(3 * 86_399)).toBeCloseTo(86_399_000, 3)
})
