import { expect, test } from 'vitest'
import { createHedgeBudget } from './hedge-budget.ts'

test('hedges are a tenth of the reads, after ten at once', () => {
  const budget = createHedgeBudget()
  let hedges = 0
  for (let read = 0; read < 1_000; read++) {
    budget.countRead()
    if (budget.take()) hedges++
  }
  expect(hedges).toBeGreaterThanOrEqual(100)
  expect(hedges).toBeLessThanOrEqual(110)
})

test('an unused budget accumulates to no more than ten hedges', () => {
  const budget = createHedgeBudget()
  for (let read = 0; read < 10_000; read++) budget.countRead()
  expect(Array.from({ length: 20 }, () => budget.take()).filter(Boolean)).toHaveLength(10)
})
