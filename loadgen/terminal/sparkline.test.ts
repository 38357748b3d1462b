import { expect, test } from 'vitest'
import { sparkline } from './sparkline.ts'

test('grows from zero to the maximum, with gaps where nothing is known', () => {
  expect(sparkline([0, 1, 2, undefined, 3, 4, 5, 6, 7, 8], 8)).toBe('▁▁▂ ▃▄▅▆▇█')
})

test('nothing but zeros is a low line', () => {
  expect(sparkline([0, 0], 0)).toBe('▁▁')
})
