import { expect, test } from 'vitest'
import type { HistoryPoint } from '../../../../backbone/operations/system-state.ts'
import { createPlotPoints } from './plot-points.ts'

const point = (at: number) => ({ at, purchases: at }) as HistoryPoint
const timesOf = (points: ReturnType<typeof createPlotPoints>) =>
  points.all().map(({ at, figures }) => (figures ? at : `gap at ${at}`))

test('points of consecutive seconds are joined, also late ones; an interruption is a gap', () => {
  const points = createPlotPoints()
  for (const at of [1_000, 2_000, 5_400, 9_000, 10_000]) points.add(point(at))
  expect(timesOf(points)).toEqual([1_000, 2_000, 5_400, 'gap at 5401', 9_000, 10_000])
})

test('a point that is there already is not added', () => {
  const points = createPlotPoints()
  points.replace([point(1_000), point(2_000)])
  points.add(point(2_000))
  points.add(point(3_000))
  expect(timesOf(points)).toEqual([1_000, 2_000, 3_000])
})

test('what is older than 15 minutes is dropped, and a history replaces everything', () => {
  const points = createPlotPoints()
  for (let second = 0; second <= 1_000; second++) points.add(point(second * 1_000))
  expect([points.all().at(0)?.at, points.all().length]).toEqual([100_000, 901])
  points.replace([point(5_000_000)])
  expect(timesOf(points)).toEqual([5_000_000])
})
