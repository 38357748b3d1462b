import { parseDuration } from '../duration.ts'
import type { CheckedLoad } from '../load-definition.ts'
import { outcomeMetrics } from './metric-names.ts'
import { parseSelector, parseThreshold, type Selector, type Threshold } from './thresholds.ts'

export interface PlannedThreshold {
  /** Metric and expression as they were written. */
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
  /** The search for a breaking point holds every stage against every threshold. */
  breakpoint: boolean
}

const PLACE_TAGS = ['scenario', 'stage', 'lane']
const REQUEST_TAGS = ['status', 'expected_response']

/** Reads all thresholds of a load; `faults` names everything that is wrong with them. */
export function planThresholds(
  thresholds: CheckedLoad['thresholds'],
  context: Context,
): { planned: PlannedThreshold[]; faults: string[] } {
  const planned: PlannedThreshold[] = []
  const faults: string[] = []
  for (const [metric, definitions] of Object.entries(thresholds)) {
    const selector = parseSelector(metric)
    if (typeof selector === 'string') {
      faults.push(`threshold ${metric}: ${selector}`)
      continue
    }
    for (const fault of faultsOf(selector, context)) faults.push(`threshold ${metric}: ${fault}`)
    for (const definition of definitions) {
      const given = typeof definition === 'string' ? { threshold: definition } : definition
      const threshold = parseThreshold(given.threshold, selector.metric)
      if (typeof threshold === 'string') {
        faults.push(`threshold ${metric}: '${given.threshold}' ${threshold}`)
        continue
      }
      if (context.breakpoint && threshold.windowMs !== undefined) {
        faults.push(`threshold ${metric}: a breakpoint takes no windows: each stage is held to it`)
      }
      const { abortOnFail, delayAbortEval } = { abortOnFail: false, delayAbortEval: 0, ...given }
      const delayAbortMs = parseDuration(delayAbortEval) ?? 0
      planned.push({ metric, expression: given.threshold, selector, threshold, abortOnFail, delayAbortMs })
    }
  }
  return { planned, faults }
}

function faultsOf({ metric, tags }: Selector, { verify, scenarios, breakpoint }: Context): string[] {
  const ownTags = Object.values(scenarios).flatMap(({ tags: own }) => Object.keys(own))
  const isOfRequests = metric.startsWith('http_') || metric === 'send_delay'
  const known = [...PLACE_TAGS, ...(isOfRequests ? REQUEST_TAGS : []), ...ownTags]
  const unknown = [...tags.keys()].filter((tag) => !known.includes(tag))
  return [
    ...(verify || !outcomeMetrics.has(metric) ? [] : ['is not measured with --no-verify']),
    ...unknown.map((tag) => `has no tag ${tag}; it has ${known.join(', ')}`),
    ...(metric === 'duplicated' && tags.size > 0 ? ['is known of the whole run only'] : []),
    ...(metric === 'dropped_iterations' && tags.has('lane')
      ? ['has no lane: its shopper was never made']
      : []),
    ...(breakpoint && tags.size > 0 ? ['a breakpoint takes no tags: each stage is held to it'] : []),
  ]
}
