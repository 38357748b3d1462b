import { expect, test } from 'vitest'
import { normalQuantile } from './normal-quantile.ts'

// Printed in any table of the normal distribution.
test.each([
  [0.5, 0],
  [0.75, 0.6744898],
  [0.8, 0.8416212],
  [0.9, 1.2815516],
  [0.925, 1.4395315],
  [0.975, 1.959964],
  [0.99, 2.3263479],
  [0.999, 3.0902323],
  [0.9999999, 5.1993376],
])('below %f lies %f', (probability, quantile) => {
  expect(normalQuantile(probability)).toBeCloseTo(quantile, 5)
  expect(normalQuantile(1 - probability)).toBeCloseTo(-quantile, 5)
})

test('the ends are far, but numbers', () => {
  expect(normalQuantile(0)).toBeLessThan(-6)
  expect(normalQuantile(1)).toBeGreaterThan(6)
  expect(Number.isFinite(normalQuantile(0))).toBe(true)
})
