import { parseDuration } from '../duration.ts'
import { type CheckedLoad, requestTags } from '../load-definition.ts'
import type { MetricName } from '../run-result.ts'
import { outcomeMetrics } from './metric-names.ts'
import { faultsOfTags } from './threshold-tags.ts'
import { parseSelector, parseThreshold, type Selector, type Threshold } from './thresholds.ts'

export interface PlannedThreshold {
  /** Metric and expression as written by the user. */
  metric: string
  expression: string
  selector: Selector
  threshold: Threshold
  abortOnFail: boolean
  delayAbortMs: number
}

interface Context {
  verify: boolean
  scenarios: CheckedLoad['scenarios']
  /** A breakpoint search tests every stage against every threshold. */
  breakpoint: boolean
}

interface ReadThresholds {
  planned: PlannedThreshold[]
  faults: string[]
}

/** Parses all thresholds of a load; `faults` lists all errors. */
export function planThresholds(thresholds: CheckedLoad['thresholds'], context: Context): ReadThresholds {
  const { planned, faults } = readThresholds(thresholds)
  for (const metric of Object.keys(thresholds)) {
    const selector = parseSelector(metric)
    if (typeof selector === 'string') continue
    faults.push(...faultsOf(selector, context).map((fault) => `threshold ${metric}: ${fault}`))
  }
  if (context.breakpoint) {
    const windowed = planned.filter(({ threshold }) => threshold.windowMs !== undefined)
    for (const { metric } of windowed) {
      faults.push(`threshold ${metric}: a breakpoint allows no windows: each stage is tested against it`)
    }
  }
  return { planned, faults }
}

/** Checks only the syntax, not whether the load has the selected parts. */
export function readThresholds(thresholds: CheckedLoad['thresholds']): ReadThresholds {
  const planned: PlannedThreshold[] = []
  const faults: string[] = []
  for (const [metric, definitions] of Object.entries(thresholds)) {
    const selector = parseSelector(metric)
    if (typeof selector === 'string') {
      faults.push(`threshold ${metric}: ${selector}`)
      continue
    }
    for (const definition of definitions) {
      const given = typeof definition === 'string' ? { threshold: definition } : definition
      const threshold = parseThreshold(given.threshold, selector.metric)
      if (typeof threshold === 'string') {
        faults.push(`threshold ${metric}: '${given.threshold}' ${threshold}`)
        continue
      }
      const { abortOnFail, delayAbortEval } = { abortOnFail: false, delayAbortEval: 0, ...given }
      const delayAbortMs = parseDuration(delayAbortEval) ?? 0
      planned.push({ metric, expression: given.threshold, selector, threshold, abortOnFail, delayAbortMs })
    }
  }
  return { planned, faults }
}

/** They are 0 during the run, and would never break a stage. */
const KNOWN_AT_THE_END: ReadonlySet<MetricName> = new Set<MetricName>(['lost', 'duplicated'])

function faultsOf({ metric, tags }: Selector, { verify, scenarios, breakpoint }: Context): string[] {
  const isOfRequests = metric.startsWith('http_') || metric === 'send_delay'
  const endsTooLate = breakpoint && KNOWN_AT_THE_END.has(metric)
  return [
    ...(verify || !outcomeMetrics.has(metric) ? [] : ['is not measured with --no-verify']),
    ...faultsOfTags(tags, scenarios, isOfRequests ? requestTags : []),
    ...(metric === 'duplicated' && tags.size > 0 ? ['is known only for the whole run'] : []),
    ...(metric === 'dropped_iterations' && tags.has('lane')
      ? ['has no lane: its shopper was never generated']
      : []),
    ...(endsTooLate
      ? ['is known only at the end of the run, and a breakpoint tests each stage against it']
      : []),
    ...(breakpoint && tags.size > 0 ? ['a breakpoint allows no tags: each stage is tested against it'] : []),
  ]
}
