import { expect, test } from 'vitest'
import { spreadLabels } from './spread-labels.ts'

test.each([
  ['far apart, they stay', [10, 90, 50], [10, 90, 50]],
  ['too near, they move down', [50, 52, 80], [50, 66, 82]],
  ['at the bottom, they move up', [100, 100, 100], [68, 84, 100]],
])('%s', (_, wanted, placed) => {
  expect(spreadLabels(wanted, 16, 100)).toEqual(placed)
})
