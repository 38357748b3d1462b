import { expect, test } from 'vitest'
import { formatDuration, parseDuration } from './duration.ts'

test.each([
  ['500ms', 500],
  ['1.5s', 1_500],
  ['2h', 7_200_000],
  ['1h1m1s1ms', 3_661_001],
  ['1d', 86_400_000],
  ['forever', Number.POSITIVE_INFINITY],
  ['0s', 0],
  [250, 250],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
  expect(parseDuration(formatDuration(ms))).toBe(ms)
})

test.each(['', '30', 's', '1x', '-1s', '1s 2s', '.5s', -1])('%j is no time', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})

test.each([
  [90_000, '1m30s'],
  [1_500, '1.5s'],
  [7_042, '7.042s'],
  [90_500, '1m30.5s'],
  [3_600_000, '1h'],
  [250, '250ms'],
  [0, '0s'],
])('%d ms are written %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})
