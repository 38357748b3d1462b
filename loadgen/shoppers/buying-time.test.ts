import { expect, test } from 'vitest'
import { createBuyingTime } from './buying-time.ts'

// Evenly spread over [0, 1), so that counts are exact shares.
const COUNT = 100_000
const timesOf = (slow: number) => {
  const minutesOf = createBuyingTime(slow)
  return Array.from({ length: COUNT }, (_, n) => minutesOf((n + 0.5) / COUNT)).toSorted((a, b) => a - b)
}
const at = (times: readonly number[], share: number) => times[Math.floor(share * COUNT)]
const slowShareOf = (times: readonly number[]) => times.filter((minutes) => minutes > 30).length / COUNT

test.each([0, 0.001, 0.01, 0.2, 0.5, 0.99, 0.9999, 1])(
  'exactly the share %f takes longer than 30 minutes',
  (slow) => {
    expect(slowShareOf(timesOf(slow))).toBeCloseTo(slow, 5)
  },
)

// z of the normal distribution, from a table: 80 % lie below 0.8416, 90 % below 1.2816.
test('with a fifth slow, median and 90th percentile are those of ln(taps) ~ N(ln 30 - 0.8416, 1)', () => {
  const times = timesOf(0.2)
  expect(at(times, 0.5)).toBeCloseTo(30 * Math.exp(-0.8416), 0)
  expect(at(times, 0.9)).toBeCloseTo(30 * Math.exp(1.2816 - 0.8416), 0)
  expect(at(times, 0.1)).toBeCloseTo(30 * Math.exp(-1.2816 - 0.8416), 0)
})

test('their logarithms have a standard deviation of 1 and no skew', () => {
  const logs = timesOf(0.2).map(Math.log)
  const mean = logs.reduce((sum, log) => sum + log, 0) / COUNT
  const moment = (power: number) => logs.reduce((sum, log) => sum + (log - mean) ** power, 0) / COUNT
  expect(Math.sqrt(moment(2))).toBeCloseTo(1, 2)
  expect(moment(3)).toBeCloseTo(0, 1)
})

test.each([0, 0.2, 1])('with the share %f slow, all are tenths of minutes, from 0.1 to a day', (slow) => {
  const minutesOf = createBuyingTime(slow)
  const times = [...timesOf(slow), minutesOf(0), minutesOf(1 - 2 ** -32)]
  expect(times.filter((minutes) => Number(minutes.toFixed(1)) !== minutes)).toEqual([])
  expect(times.filter((minutes) => !(minutes >= 0.1 && minutes <= 24 * 60))).toEqual([])
})

test('when nobody or everybody is slow, the times are still spread', () => {
  const [quick, slow] = [timesOf(0), timesOf(1)]
  expect(at(quick, 0.5)).toBeGreaterThan(2)
  expect(at(quick, 0.9)).toBeGreaterThan(5)
  expect(at(slow, 0.1)).toBeGreaterThan(60)
  expect(at(slow, 0.5)).toBeLessThan(8 * 60)
})
