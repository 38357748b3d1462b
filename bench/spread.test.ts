import { expect, test } from 'vitest'
import { spreadOf } from './spread.ts'

test.each([
  { values: [3, 1, 2], median: 2, min: 1, max: 3 },
  { values: [4, 1, 10, 3], median: 3.5, min: 1, max: 10 },
  { values: [7], median: 7, min: 7, max: 7 },
])('the spread of $values', ({ values, ...spread }) => {
  expect(spreadOf(values)).toEqual(spread)
})
