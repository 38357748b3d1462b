import { expect, test } from 'vitest'
import { textOf } from '../../loadgen/report/html.ts'
import { type Comparison, inTurn } from './comparison.ts'
import { formatResult } from './format-result.ts'
import { measureComparison } from './measure-comparison.ts'
import { formatPage, plotRatios } from './result-page.ts'
import type { BenchSite } from './site.ts'

const site = {} as BenchSite

function comparisonOf(measured: number[], baseline: number[], calls: string[] = []): Comparison {
  const side = (name: string, values: number[]) => () => {
    calls.push(name)
    return Promise.resolve({ perSecond: values.shift() ?? Number.NaN, p99: 10 })
  }
  return {
    name: 'speed',
    measured: 'a <gateway>',
    baseline: 'another',
    shown: { perSecond: 'checkouts/s', p99: 'p99, ms' },
    ratios: [
      { figure: 'perSecond', title: 'checkouts/s', better: 'more', target: 2 },
      { figure: 'p99', title: 'p99', better: 'less', target: 0.5 },
      { figure: 'perSecond', title: 'only shown', better: 'more', target: undefined },
    ],
    prepare: () =>
      Promise.resolve({
        round: inTurn(side('measured', measured), side('baseline', baseline)),
        end: () => Promise.resolve(void calls.push('end')),
      }),
  }
}
const measure = (comparison: Comparison, rounds = 3) =>
  measureComparison(comparison, site, rounds, () => undefined)

test('pairs alternate in their order, and ratios are of each pair', async () => {
  const calls: string[] = []
  const result = await measure(comparisonOf([100, 400, 900], [100, 200, 300], calls))
  expect(calls).toEqual(['measured', 'baseline', 'baseline', 'measured', 'measured', 'baseline', 'end'])
  expect(result.ratios.map(({ median, min, max, passed }) => [median, min, max, passed])).toEqual([
    [2, 1, 3, true],
    [1, 1, 1, false],
    [2, 1, 3, undefined],
  ])
})

test('no target applies to a run that has none', async () => {
  const comparison: Comparison = { ...comparisonOf([1], [1]), hasTargets: () => false }
  const { ratios } = await measure(comparison, 1)
  expect(ratios.map(({ target, passed }) => [target, passed])).toEqual(
    ratios.map(() => [undefined, undefined]),
  )
})

test('everything it started ends when a side fails', async () => {
  const calls: string[] = []
  const comparison = comparisonOf([1], [1], calls)
  const failing: Comparison = {
    ...comparison,
    prepare: async (of) => ({
      ...(await comparison.prepare(of)),
      round: inTurn(
        () => Promise.resolve({}),
        () => Promise.reject(new Error('it is gone')),
      ),
    }),
  }
  await expect(measure(failing)).rejects.toThrow('it is gone')
  expect(calls.at(-1)).toBe('end')
})

test('a result has both sides, the ratios with their spread, and the targets', async () => {
  const result = await measure(comparisonOf([1_000, 4_000, 9_000], [1_000, 2_000, 3_000]))
  expect(formatResult(result)).toBe(
    [
      'speed                checkouts/s     p99, ms',
      'a <gateway>  4,000 (1,000–9,000)  10 (10–10)',
      'another      2,000 (1,000–3,000)  10 (10–10)',
      'checkouts/s: 2 (1–3) of the baseline, target: at least 2: passed',
      'p99: 1 (1–1) of the baseline, target: at most 0.5: missed',
      'only shown: 2 (1–3) of the baseline',
    ].join('\n'),
  )
})

test('the page needs nothing but itself, and has a dot for each pair', async () => {
  const result = await measure(comparisonOf([1, 4, 9], [1, 2, 3]))
  const page = formatPage({ machine: { processor: '2 × <fast>' }, results: [result] })
  expect(page).toContain('2 × &lt;fast&gt;')
  expect(page).toContain('a &lt;gateway&gt;')
  expect(page).not.toMatch(/<script|href=|src=/)
  expect(textOf(plotRatios([result])).match(/<circle/g)).toHaveLength(9)
})
