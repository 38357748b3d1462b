import { decodeFromCompressedBase64 } from 'hdr-histogram-js'
import { expect, test } from 'vitest'
import { createSeededRandom } from '../shoppers/seeded-random.ts'
import { createTrend } from './trend.ts'

const seed = Math.floor(Math.random() * 2 ** 32)
console.log(`seed of the random times: ${seed}`)

function randomTimes(count: number): number[] {
  const randomizer = createSeededRandom()
  randomizer.seed(seed)
  // From a tenth of a millisecond to a minute, spread evenly over the magnitudes.
  return Array.from({ length: count }, () => 10 ** (-1 + 5.8 * randomizer.next()))
}

/** By nearest rank; 99.9 / 100 has a rounding error, which must not select the next one. */
function exact(times: number[], percent: number): number {
  const rank = Math.ceil((percent / 100) * times.length - 1e-9)
  return times.toSorted((a, b) => a - b)[Math.max(0, rank - 1)] ?? Number.NaN
}

test('percentiles are those of the sorted times, to three digits; mean, least and greatest are exact', () => {
  const times = randomTimes(5_000)
  const trend = createTrend()
  for (const ms of times) trend.record(ms)
  for (const percent of [1, 50, 90, 95, 99, 99.9]) {
    const ours = trend.aggregate(percent) ?? Number.NaN
    expect(Math.abs(ours / exact(times, percent) - 1), `p(${percent})`).toBeLessThan(0.006)
  }
  expect(trend.aggregate('avg')).toBeCloseTo(times.reduce((sum, ms) => sum + ms, 0) / times.length, 6)
  expect(trend.values()).toMatchObject({ count: 5_000, min: Math.min(...times), max: Math.max(...times) })
})

test('nothing was recorded: zeros in the summary as k6 has them, and undefined for a threshold', () => {
  const trend = createTrend()
  expect(Object.values(trend.values())).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  expect([trend.aggregate(99), trend.aggregate('min'), trend.quantiles(), trend.encoded()]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect(trend.aggregate('count')).toBe(0)
})

test('values since a copy are separate from earlier ones', () => {
  const trend = createTrend()
  for (const ms of [1, 5_000]) trend.record(ms)
  const before = trend.copy()
  for (const ms of [10, 20, 30]) trend.record(ms)
  const { count, avg, min, med, max } = trend.since(before).values()
  expect([count, avg]).toEqual([3, 20])
  expect([min, med, max].map(Math.round)).toEqual([10, 20, 30])
  expect(before.values().count).toBe(2)
})

test('another program reads it as an HdrHistogram in microseconds', () => {
  const trend = createTrend()
  for (let ms = 1; ms <= 1_000; ms++) trend.record(ms)
  const decoded = decodeFromCompressedBase64(trend.encoded() ?? '')
  expect(decoded.totalCount).toBe(1_000)
  expect(decoded.getValueAtPercentile(50) / 1_000).toBeCloseTo(500, -1)
})

test('an hour and nothing at all can be recorded', () => {
  const trend = createTrend()
  for (const ms of [0, -0.5, 3_600_000]) trend.record(ms)
  expect(trend.values()).toMatchObject({ count: 3, min: 0, max: 3_600_000 })
})
