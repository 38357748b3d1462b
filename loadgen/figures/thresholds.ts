import { parseDuration } from '../duration.ts'
import type { MetricName } from '../run-result.ts'
import { isMetricName, metricTypes } from './metric-names.ts'

/** The aggregated value that is compared with the bound; a number is a percentile. */
export type Aggregation = 'avg' | 'min' | 'max' | 'med' | 'count' | 'rate' | number

type Operator = '<' | '<=' | '>' | '>=' | '==' | '===' | '!='

export interface Threshold {
  aggregation: Aggregation
  operator: Operator
  bound: number
  /** Applies to every window of this length; without it, to the whole run. */
  windowMs: number | undefined
}

/** A metric, or its samples with these tags. */
export interface Selector {
  metric: MetricName
  tags: ReadonlyMap<string, string>
}

const EXPRESSION =
  /^\s*(?:(avg|min|max|med|count|rate|value)|p\(\s*(\d+(?:\.\d+)?)\s*\))\s*(<=|>=|<|>|===|==|!=)\s*([+-]?\d+(?:\.\d+)?)\s*(?:\s+over\s+(\S+)\s*)?$/
const SELECTOR = /^\s*([a-z_]+)\s*(?:\{([^{}]*)\})?\s*$/
const METHODS = {
  trend: 'avg, min, max, med, count or p(N)',
  rate: 'rate',
  counter: 'count or rate',
}
const MIN_WINDOW_MS = 1_000
const MAX_WINDOW_MS = 600_000

/**
 * k6's expressions (`p(99)<250`, `rate<=0.01`, `count==0`), and ours with a window (`p(99)<250 over 10s`).
 * Returns a message if it is invalid.
 */
export function parseThreshold(expression: string, metric: MetricName): Threshold | string {
  const [, method, percentile, operator, bound, window] = EXPRESSION.exec(expression) ?? []
  if (operator === undefined) return `must be such as p(99)<250, avg<50, rate<0.01 or count==0`
  const aggregation = percentile === undefined ? method : Number(percentile)
  if (!fits(aggregation, metric)) return `${metric} has only ${METHODS[metricTypes[metric]]}`

  const windowMs = window === undefined ? undefined : parseDuration(window)
  const wholeSeconds = windowMs !== undefined && windowMs % 1_000 === 0
  if (window !== undefined && !(wholeSeconds && windowMs >= MIN_WINDOW_MS && windowMs <= MAX_WINDOW_MS)) {
    return 'requires a window of whole seconds, from 1s to 10m'
  }
  return { aggregation, operator: operator as Operator, bound: Number(bound), windowMs }
}

function fits(aggregation: string | number | undefined, metric: MetricName): aggregation is Aggregation {
  const type = metricTypes[metric]
  if (typeof aggregation === 'number') return type === 'trend' && aggregation <= 100
  if (aggregation === 'count') return type !== 'rate'
  if (aggregation === 'rate') return type !== 'trend'
  return type === 'trend' && aggregation !== 'value'
}

/** `http_req_duration{lane:purchase,scenario:buyers}`; returns a message if it is invalid. */
export function parseSelector(text: string): Selector | string {
  const [, metric = '', inside] = SELECTOR.exec(text) ?? []
  if (!isMetricName(metric)) return `is not a metric; use one of ${Object.keys(metricTypes).join(', ')}`
  const tags = new Map<string, string>()
  for (const pair of inside?.split(',') ?? []) {
    const colon = pair.indexOf(':')
    const name = pair.slice(0, colon).trim()
    if (colon < 0 || name === '') return 'must be a tag selector such as {lane:purchase}'
    tags.set(name, pair.slice(colon + 1).trim())
  }
  return { metric, tags }
}

export function isKept({ operator, bound }: Threshold, actual: number): boolean {
  switch (operator) {
    case '<':
      return actual < bound
    case '<=':
      return actual <= bound
    case '>':
      return actual > bound
    case '>=':
      return actual >= bound
    case '!=':
      return actual !== bound
    case '==':
    case '===':
      return actual === bound
  }
}
