import { expect, test } from 'vitest'
import { createTrend } from '../figures/trend.ts'
import { createChartValues } from './chart-values.ts'
import { textOf } from './html.ts'
import { percentileChart } from './percentile-chart.ts'
import { testResult } from './test-result.ts'

function drawn(times: readonly number[]): string {
  const trend = createTrend()
  for (const time of times) trend.record(time)
  const encoded = trend.encoded()
  const histograms = encoded === undefined ? {} : { http_req_duration: encoded }
  const { load } = testResult({ histograms })
  return textOf(
    percentileChart({ metrics: { http_req_duration: trend.values() }, load }, createChartValues()),
  )
}

const textsOf = (page: string, axis: 'x' | 'y') =>
  [...page.matchAll(new RegExp(`<span class="${axis}(?: minor)?"[^>]*>([^<]*)<`, 'g'))].map(
    ([, text]) => text,
  )

test('there are as many nines as there are samples for', () => {
  const times = (count: number) => Array.from({ length: count }, (_, n) => 10 + (n % 10))
  expect(textsOf(drawn(times(5)), 'x')).toEqual(['0 %', '50 %', '90 %'])
  expect(textsOf(drawn(times(20_000)), 'x')).toEqual(['0 %', '50 %', '90 %', '99 %', '99.9 %', '99.99 %'])
})

test('each percentile is drawn at its height, in milliseconds', () => {
  // 90 of 10 ms, 9 of 20 ms and one of 40 ms: the steps are at 90 % and 99 %.
  const page = drawn([...Array<number>(90).fill(10), ...Array<number>(9).fill(20), 40])
  expect(textsOf(page, 'y')).toEqual(['0 ms', '10 ms', '20 ms', '30 ms', '40 ms'])
  const gridOf = [...page.matchAll(/class="grid"[^>]*y1="([\d.]+)"/g)].map(([, y]) => Number(y))
  const heights = [...(/ d="([^"]+)"/.exec(page)?.[1] ?? '').matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y))
  const steps = heights.filter((y, index) => Math.abs(y - (heights[index - 1] ?? 0)) > 2)
  expect(steps).toHaveLength(3)
  for (const [index, tick] of [1, 2, 4].entries()) {
    expect(Math.abs((steps[index] ?? 0) - (gridOf[tick] ?? 0))).toBeLessThan(1)
  }
})

test('without a sample there is no plot', () => {
  expect(drawn([])).not.toContain('<svg')
})
