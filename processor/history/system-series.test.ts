import { expect, test } from 'vitest'
import type { Hour } from './history-record.ts'
import { type Column, columnOf, emptySums, hourOf, KEPT_MS, MINUTE_MS } from './minute-sums.ts'
import { systemSeries } from './system-series.ts'

const NOON = Date.parse('2026-11-29T12:00:00Z')
const HOUR = hourOf(NOON)

function hourOfSums(values: Partial<Record<Column, number[]>>): Hour {
  const sums = emptySums()
  for (const [column, minutes] of Object.entries(values)) columnOf(sums, column as Column).set(minutes)
  return { log: 'a', through: 1, sums }
}

test('partitions are added up, to the first minute that one of them does not know', async () => {
  const series = await systemSeries(
    new Map([
      [
        0,
        new Map([
          [HOUR, hourOfSums({ slow: [1, 0, 0, 9], otherPurchases: [3, 0, 0, 9], watched: [1, 1, 1, 1] })],
        ]),
      ],
      [5, new Map([[HOUR, hourOfSums({ visits: [6, 0, 2], lagMs: [5_000], watched: [1, 0, 1] })]])],
    ]),
    NOON + 4 * MINUTE_MS,
  )
  expect(series?.end).toBe(NOON + 3 * MINUTE_MS)
  expect(series?.purchases).toEqual({ start: NOON, values: Float64Array.of(4, 0, 0) })
  expect(series?.visits.values).toEqual(Float64Array.of(6, 0, 2))
  expect(series?.slowShare.values).toEqual(Float64Array.of(0.25, Number.NaN, Number.NaN))
  expect(series?.lagSeconds.values).toEqual(Float64Array.of(0.5, Number.NaN, 0))
})

test('minutes that nobody watched are unknown, not 0, unless they have checkouts', async () => {
  const later = HOUR + 2
  const series = await systemSeries(
    new Map([
      [
        0,
        new Map([
          [HOUR, hourOfSums({ visits: [2, 0, 4], watched: [1] })],
          [later, hourOfSums({ visits: [7], watched: [1] })],
        ]),
      ],
    ]),
    NOON + 180 * MINUTE_MS,
  )
  const known = [...(series?.visits.values.entries() ?? [])].filter(([, visits]) => !Number.isNaN(visits))
  expect(series?.visits.values).toHaveLength(121)
  expect(known).toEqual([
    [0, 2],
    [2, 4],
    [120, 7],
  ])
})

test('what a clock that was ahead has counted is not known yet', async () => {
  const hours = new Map([
    [HOUR, hourOfSums({ visits: [2], watched: [1] })],
    [HOUR + 1, hourOfSums({ visits: [5], watched: [1] })],
  ])
  const endAt = async (now: number) => (await systemSeries(new Map([[0, hours]]), now))?.end
  expect(await endAt(NOON + 59 * MINUTE_MS)).toBe(NOON + MINUTE_MS)
  expect(await endAt(NOON + 60 * MINUTE_MS)).toBe(NOON + 61 * MINUTE_MS)
})

test('a thousand partitions have 35 days of hours each', async () => {
  // Older ones are as many, and not added up.
  const old = hourOfSums({})
  const hours = new Map(Array.from({ length: 840 }, (_, ago) => [HOUR - 1_000 - ago, old]))
  hours.set(HOUR, hourOfSums({ visits: [2], watched: [1] }))
  const partitions = new Map(Array.from({ length: 1_100 }, (_, partition) => [partition, hours]))
  const series = await systemSeries(partitions, NOON + MINUTE_MS)
  expect(series?.visits.values.at(-1)).toBe(2_200)
})

test('nothing is known at first, nor of what is older than 35 days', async () => {
  expect(await systemSeries(new Map(), NOON)).toBeUndefined()
  expect(
    await systemSeries(new Map([[0, new Map([[HOUR, hourOfSums({ visits: [1] })]])]]), NOON),
  ).toBeUndefined()
  const old = new Map([[0, new Map([[HOUR, hourOfSums({ visits: [1], watched: [1] })]])]])
  expect((await systemSeries(old, NOON + KEPT_MS))?.visits.values).toEqual(Float64Array.of(1))
  expect(await systemSeries(old, NOON + KEPT_MS + 3_600_000)).toBeUndefined()
})
