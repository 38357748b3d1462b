import type { MetricName, MetricValues, RunResult } from '../run-result.ts'
import { formatCount, formatMs, formatRate } from './format-units.ts'

export interface Figure {
  name: string
  /** Undefined if it was not measured. */
  valueOf: (result: RunResult) => number | undefined
  format: (value: number) => string
  isHigherBetter: boolean
}

const TIMES = ['med', 'p(90)', 'p(95)', 'p(99)', 'max'] as const
const TRENDS: MetricName[] = ['http_req_duration', 'http_req_service_time', 'notification_delay']

/** The compared figures, in the order in which they are shown. */
export const comparedFigures: readonly { title: string; figures: readonly Figure[] }[] = [
  ...TRENDS.map((metric) => ({
    title: metric,
    figures: TIMES.map((time) => ({
      name: time,
      valueOf: timeOf(metric, time),
      format: formatMs,
      isHigherBetter: false,
    })),
  })),
  {
    title: 'rates',
    figures: (['http_reqs', 'accepted'] as const).map((metric) => ({
      name: metric,
      valueOf: ({ metrics }) => fieldOf(metrics[metric], 'rate'),
      format: formatRate,
      isHigherBetter: true,
    })),
  },
  {
    title: 'faults',
    figures: [
      {
        name: 'http_req_failed',
        valueOf: ({ metrics }) => fieldOf(metrics['http_req_failed'], 'value'),
        format: (share) => `${Number((share * 100).toPrecision(3))}%`,
        isHigherBetter: false,
      },
      fault('dropped_iterations', ({ metrics }) => fieldOf(metrics['dropped_iterations'], 'count')),
      // If outcomes were not followed, these metrics are zero.
      fault('lost', ({ load }) => load.outcomes?.lost),
      fault('duplicated', ({ load }) => load.outcomes?.duplicated),
    ],
  },
]

function timeOf(metric: MetricName, time: (typeof TIMES)[number]): Figure['valueOf'] {
  return ({ metrics }) => {
    const values = metrics[metric]
    return fieldOf(values, 'count') === 0 ? undefined : fieldOf(values, time)
  }
}

function fault(name: string, valueOf: Figure['valueOf']): Figure {
  return { name, valueOf, format: formatCount, isHigherBetter: false }
}

/** The values of a metric that was read from a file may lack the field. */
function fieldOf(values: MetricValues | undefined, field: string): number | undefined {
  const found: unknown = values && Object.entries(values).find(([name]) => name === field)?.[1]
  return typeof found === 'number' ? found : undefined
}
