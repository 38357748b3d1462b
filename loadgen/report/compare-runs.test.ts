import { expect, test } from 'vitest'
import type { RunResult } from '../run-result.ts'
import { compareRuns } from './compare-runs.ts'
import { testResult, testSlice } from './test-result.ts'

const withMetrics = (metrics: RunResult['metrics'], load: Partial<RunResult['load']> = {}): RunResult => ({
  metrics,
  load: testResult(load).load,
})

const trend = (times: Partial<Record<string, number>>) => ({
  count: 5,
  avg: 1,
  min: 1,
  med: 100,
  max: 100,
  'p(90)': 100,
  'p(95)': 100,
  'p(99)': 100,
  ...times,
})

/** The cells of the row with this name, under this title. */
function rowOf(table: string, title: string, name: string): string[] {
  const lines = table.split('\n')
  const from = lines.indexOf(title)
  expect(from).toBeGreaterThan(-1)
  const line = lines.slice(from).find((each) => each.startsWith(`  ${name} `))
  return line?.slice(name.length + 2).match(/\S+( m?s)?(?=\s|$)/g) ?? []
}

test('two runs are shown with their properties', () => {
  const [first, second] = compareRuns(
    testResult(),
    testResult({ name: 'cyberday', target: 'other:3000', startedAt: '2025-11-26T00:00:00.000Z' }),
  ).split('\n')
  expect(first).toBe('A  cyberday → gateway:3000, seed 7, 2025-11-25T00:00:00.123Z, 10.0 s')
  expect(second).toBe('B  cyberday → other:3000, seed 7, 2025-11-26T00:00:00.000Z, 10.0 s')
})

test('the same run twice has nothing better, worse or incomparable', () => {
  const table = compareRuns(testResult(), testResult())
  expect(table).not.toMatch(/better|worse|warning|hint/)
  expect(rowOf(table, 'http_req_duration', 'med')).toEqual(['8.00 ms', '8.00 ms', '1.00'])
  expect(rowOf(table, 'notification_delay', 'max')).toEqual(['3.00 s', '3.00 s', '1.00'])
})

test.each([
  [110, '1.10', undefined],
  [90, '0.90', undefined],
  [111, '1.11', 'worse'],
  [89, '0.89', 'better'],
])('a time of 100 ms that becomes %d ms', (time, ratio, mark) => {
  const table = compareRuns(
    withMetrics({ http_req_duration: trend({}) }),
    withMetrics({ http_req_duration: trend({ 'p(95)': time }) }),
  )
  expect(rowOf(table, 'http_req_duration', 'p(95)').slice(2)).toEqual(mark ? [ratio, mark] : [ratio])
})

test('a rate of accepted checkouts is better when it is higher', () => {
  const rate = (perSecond: number) => withMetrics({ accepted: { count: 1, rate: perSecond } })
  expect(rowOf(compareRuns(rate(100), rate(150)), 'rates', 'accepted')).toEqual([
    '100/s',
    '150/s',
    '1.50',
    'better',
  ])
  expect(rowOf(compareRuns(rate(150), rate(100)), 'rates', 'accepted')[3]).toBe('worse')
})

test('a fault that rises from zero is worse, without a ratio', () => {
  const { outcomes } = testResult().load
  const losing = testResult({ outcomes: outcomes && { ...outcomes, lost: 3 } })
  const table = compareRuns(testResult(), losing)
  expect(rowOf(table, 'faults', 'lost')).toEqual(['0', '3', '∞', 'worse'])
  expect(rowOf(table, 'faults', 'duplicated')).toEqual(['0', '0', '-'])
  expect(rowOf(compareRuns(losing, testResult()), 'faults', 'lost')).toEqual(['3', '0', '0.00', 'better'])
})

test('a missing measurement is not zero', () => {
  const table = compareRuns(withMetrics({}, { outcomes: undefined }), testResult())
  expect(rowOf(table, 'faults', 'lost')).toEqual(['-', '0', '-'])
  expect(rowOf(table, 'http_req_duration', 'med')).toEqual(['-', '8.00 ms', '-'])
  const silent = withMetrics({ notification_delay: trend({ count: 0, med: 0 }) })
  expect(rowOf(compareRuns(silent, testResult()), 'notification_delay', 'med')).toEqual(['-', '24.0 ms', '-'])
})

test.each<[string, Partial<RunResult['load']>, string]>([
  [
    'another scenario',
    { name: 'smoke' },
    'warning: not comparable: the scenarios are different, cyberday and smoke',
  ],
  [
    'another rate',
    { stages: [testSlice('1: 10s at 60/s', [], 10)] },
    'warning: not comparable: the stages are different, first 1: 10s at 50/s in A and 1: 10s at 60/s in B',
  ],
  [
    'fewer stages',
    { stages: [] },
    'warning: not comparable: the stages are different, first 1: 10s at 50/s in A and no such stage in B',
  ],
  ['another length', { seconds: 8 }, 'warning: not comparable: A was sending for 10.0 s, B for 8.0 s'],
  [
    'a rate changed by hand',
    { rateChanges: [{ at: 3, factor: 1.1 }] },
    'warning: not comparable: the rate was changed manually in B',
  ],
  ['another seed', { seed: 8 }, 'hint: the seeds differ, so the shoppers differ'],
])('%s is reported, and nothing else', (_, changes, line) => {
  const stages = [testSlice('1: 10s at 50/s', [], 10)]
  const lines = compareRuns(testResult({ stages }), testResult({ stages, ...changes })).split('\n')
  expect(lines.filter((each) => /warning|hint/.test(each))).toEqual([line])
})

test('text from a file cannot move the cursor', () => {
  expect(compareRuns(testResult({ name: 'a\u001b[2Jb' }), testResult())).not.toContain('\u001b')
})
