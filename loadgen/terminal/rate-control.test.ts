import { expect, test } from 'vitest'
import { createRateControl } from './rate-control.ts'

test('each step is a tenth, as many back are none, and the plan is one key away', () => {
  const factors: number[] = []
  const { faster, slower, asPlanned } = createRateControl((factor) => factors.push(factor))
  faster()
  faster()
  slower()
  slower()
  slower()
  asPlanned()
  expect(factors).toEqual([1.1, 1.21, 1.1, 1, 0.909091, 1])
})

test('it stays between a hundredth and a hundred times', () => {
  let last = 1
  const { faster, slower } = createRateControl((factor) => {
    last = factor
  })
  for (let n = 0; n < 100; n++) faster()
  expect(last).toBe(100)
  for (let n = 0; n < 200; n++) slower()
  expect(last).toBe(0.01)
})

test('a key that does not change the factor is not reported as a change', () => {
  const factors: number[] = []
  const { faster, asPlanned } = createRateControl((factor) => factors.push(factor))
  asPlanned()
  expect(factors).toEqual([])
  for (let n = 0; n < 100; n++) faster()
  expect(factors.filter((factor) => factor === 100)).toHaveLength(1)
})
