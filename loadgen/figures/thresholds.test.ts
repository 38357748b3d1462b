import { expect, test } from 'vitest'
import type { MetricName } from '../run-result.ts'
import { metricTypes } from './metric-names.ts'
import { createMetricSet } from './metric-set.ts'
import { isKept, parseSelector, parseThreshold, type Threshold } from './thresholds.ts'

function parsed(expression: string, metric: MetricName): Threshold {
  const threshold = parseThreshold(expression, metric)
  if (typeof threshold === 'string') throw new Error(threshold)
  return threshold
}

/** 1 to 100 ms, one each; 100 requests of which 5 failed; 40 lost in 10 s. */
function createMetrics() {
  const metrics = createMetricSet()
  for (let ms = 1; ms <= 100; ms++) metrics.trends.http_req_duration.record(ms)
  metrics.counts.http_reqs = 100
  for (let n = 0; n < 5; n++) metrics.failed('503')
  metrics.counts.lost = 40
  return metrics
}

// Each form on both sides of its bound.
test.each<[MetricName, string, string]>([
  ['http_req_duration', 'p(99)<99.2', 'p(99)<99'],
  ['http_req_duration', 'p(99.9)<=100', 'p(99.9)<=99.8'],
  ['http_req_duration', 'p(0)<2', 'p(0)<1'],
  ['http_req_duration', 'p( 50 ) < 51', 'p( 50 ) < 50'],
  ['http_req_duration', 'avg<50.6', 'avg<50.5'],
  ['http_req_duration', 'avg==50.5', 'avg==50.4'],
  ['http_req_duration', 'min>=1', 'min>1'],
  ['http_req_duration', 'max<=100', 'max<100'],
  ['http_req_duration', 'med>49', 'med>51'],
  ['http_req_duration', 'count===100', 'count===99'],
  ['http_req_failed', 'rate<=0.05', 'rate<0.05'],
  ['http_req_failed', 'rate!=0', 'rate!=0.05'],
  ['lost', 'count==40', 'count==0'],
  ['lost', 'count>=40', 'count>40'],
  ['lost', 'rate<4.1', 'rate<4'],
  ['lost', ' count > 39.5 ', ' count > 40.5 '],
])('%s: %s holds, %s does not', (metric, holds, broken) => {
  const metrics = createMetrics()
  const verdict = (expression: string) => {
    const threshold = parsed(expression, metric)
    return isKept(threshold, metrics.aggregate(metric, threshold.aggregation, 10) ?? Number.NaN)
  }
  expect([verdict(holds), verdict(broken)]).toEqual([true, false])
})

test('a window is read, in whole seconds', () => {
  expect(parsed('p(99)<250 over 10s', 'http_req_duration').windowMs).toBe(10_000)
  expect(parsed('count<5  over  1m30s', 'lost').windowMs).toBe(90_000)
  expect(parsed('count<5', 'lost').windowMs).toBeUndefined()
  for (const length of ['10', '500ms', '1.5s', '0s', '11m', 'soon', 'forever']) {
    expect(parseThreshold(`p(99)<250 over ${length}`, 'http_req_duration')).toContain('window')
  }
})

test.each<[MetricName, string, string]>([
  ['http_req_duration', 'p(99)', 'must be such as'],
  ['http_req_duration', 'p(99)<', 'must be such as'],
  ['http_req_duration', 'p99<250', 'must be such as'],
  ['http_req_duration', 'p(99)<250ms', 'must be such as'],
  ['http_req_duration', 'p(101)<250', 'has only avg, min, max, med, count or p(N)'],
  ['http_req_duration', 'rate<1', 'has only avg, min, max, med, count or p(N)'],
  ['http_req_failed', 'count<1', 'http_req_failed has only rate'],
  ['lost', 'p(99)<1', 'lost has only count or rate'],
  ['lost', 'value<1', 'lost has only count or rate'],
  ['lost', 'count=0', 'must be such as'],
  ['lost', '', 'must be such as'],
])('%s: %j is refused', (metric, expression, fault) => {
  expect(parseThreshold(expression, metric)).toContain(fault)
})

test('a metric without samples is undefined, not 0', () => {
  const metrics = createMetricSet()
  for (const [name, type] of Object.entries(metricTypes) as [MetricName, string][]) {
    const aggregation = type === 'trend' ? 99 : type === 'rate' ? 'rate' : 'count'
    expect(metrics.aggregate(name, aggregation, 10), name).toBe(type === 'counter' ? 0 : undefined)
  }
})

test('selectors choose by tags', () => {
  expect(parseSelector('lost')).toEqual({ metric: 'lost', tags: new Map() })
  expect(parseSelector(' http_req_duration { lane:purchase , scenario: buyers } ')).toEqual({
    metric: 'http_req_duration',
    tags: new Map([
      ['lane', 'purchase'],
      ['scenario', 'buyers'],
    ]),
  })
  expect(parseSelector('http_duration')).toContain('is not a metric; use one of http_req_duration, ')
  expect(parseSelector('lost{lane}')).toContain('must be a tag selector such as')
  expect(parseSelector('lost{:purchase}')).toContain('must be a tag selector such as')
})
