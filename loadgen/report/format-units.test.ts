import { expect, test } from 'vitest'
import { formatCount, formatDuration, formatMs, formatRate } from './format-units.ts'

test.each([
  [0, '0.00 ms'],
  [0.254, '0.25 ms'],
  [1, '1.00 ms'],
  [9.994, '9.99 ms'],
  [9.996, '10.0 ms'],
  [99.94, '99.9 ms'],
  [99.96, '100 ms'],
  [999.4, '999 ms'],
  [999.6, '1.00 s'],
  [12_345, '12.3 s'],
  [1_234_567, '1235 s'],
])('%d ms is %s', (ms, shown) => {
  expect(formatMs(ms)).toBe(shown)
})

test.each([
  [0, '0/s'],
  [0.254, '0.25/s'],
  [12, '12/s'],
  [12.34, '12.3/s'],
  [499.6, '500/s'],
  [123_456, '123456/s'],
])('%d per second is %s', (rate, shown) => {
  expect(formatRate(rate)).toBe(shown)
})

test.each([
  [0, '0'],
  [1_234_567, '1,234,567'],
])('%d counts as %s', (count, shown) => {
  expect(formatCount(count)).toBe(shown)
})

test.each([
  [0, '0.0 s'],
  [59_999, '59.9 s'],
  [60_000, '1 m 00 s'],
  [307_000, '5 m 07 s'],
  [7_500_000, '2 h 05 m'],
  [273_600_000, '3 d 04 h'],
])('%d ms last %s', (ms, shown) => {
  expect(formatDuration(ms)).toBe(shown)
})
