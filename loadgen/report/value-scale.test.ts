import { expect, test } from 'vitest'
import { createValueScale } from './value-scale.ts'

const ticksOf = (
  values: (number | undefined | null)[],
  quantity: 'milliseconds' | 'per second' = 'milliseconds',
) => {
  const { ticks, tickText } = createValueScale(values, quantity, 100, 0)
  return ticks.map(tickText)
}

test.each([
  [
    [3, 9, 18],
    ['0 ms', '5 ms', '10 ms', '15 ms', '20 ms'],
  ],
  [
    [2, undefined, null, 150],
    ['2 ms', '5 ms', '10 ms', '20 ms', '50 ms', '100 ms', '200 ms'],
  ],
  [
    [0.3, 4_000],
    ['1 ms', '10 ms', '100 ms', '1 s'],
  ],
  [
    [1, 1_000],
    ['1 ms', '10 ms', '100 ms', '1 s'],
  ],
])('times of %j', (values, ticks) => {
  expect(ticksOf(values)).toEqual(ticks)
})

test('rates are linear, however far apart', () => {
  expect(ticksOf([1, 1_000], 'per second')).toEqual(['0', '200', '400', '600', '800', '1,000'])
})

test('nothing but zeros has a scale, too', () => {
  const { position, ticks } = createValueScale([0, undefined], 'per second', 100, 0)
  expect(position(0)).toBe(100)
  expect(ticks.length).toBeGreaterThan(1)
})

test('a time of zero is at the bottom of a logarithmic scale', () => {
  expect(createValueScale([0, 1, 1_000], 'milliseconds', 100, 0).position(0)).toBe(100)
})
