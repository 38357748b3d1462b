import { expect, test } from 'vitest'
import { plotScales, type ScaleResult } from './plot-scales.ts'

const result = (name: string, medians: number[]): ScaleResult => ({
  name,
  of: `${name} of something`,
  title: 'CPU µs',
  figure: 'cpuUs',
  points: medians.map((median, i) => ({ value: 10 ** i, measured: [median - 1, median, median + 1] })),
})

test('each scale has a panel with a dot for each round and a line through the medians', () => {
  const svg = plotScales([result('connections', [100, 200, 400]), result('streams', [300, 300])])
  expect(svg).toContain('by connections of something')
  expect(svg).toContain('by streams of something')
  expect(svg.match(/<circle /g)).toHaveLength(15)
  const lines = [...svg.matchAll(/<polyline points="([^"]+)"/g)].map(([, points = '']) => points.split(' '))
  expect(lines.map(({ length }) => length)).toEqual([3, 2])
  // Twice the cost is twice as high above the same floor.
  const heights = (lines[0] ?? []).map((point) => 188 - Number(point.split(',')[1]))
  expect((heights[1] ?? 0) / (heights[0] ?? 1)).toBeCloseTo(2)
  expect((heights[2] ?? 0) / (heights[0] ?? 1)).toBeCloseTo(4)
})
