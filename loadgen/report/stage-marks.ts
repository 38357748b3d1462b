import type { Metrics, RunResult, Slice } from '../run-result.ts'
import type { Mark } from './time-chart.ts'

/** The start of each stage, and each manual change of the rate. */
export function marksOf(load: RunResult['load']): Mark[] {
  const changes = load.rateChanges.map(({ at, factor }) => ({
    at,
    text: `×${Number(factor.toPrecision(3))}`,
  }))
  return [...stageStarts(load), ...changes].toSorted((a, b) => a.at - b.at)
}

/**
 * A result does not contain the start times of its stages. With one scenario, stages follow each other and
 * end with sending; a count and its rate tell the duration of each. With several scenarios they overlap.
 */
function stageStarts({ scenarios, stages, seconds }: RunResult['load']): Mark[] {
  if (scenarios.length !== 1 || stages.length < 2) return []
  const lengths = stages.map(secondsOf)
  if (!lengths.every((length) => length !== undefined)) return []
  let at = seconds - lengths.reduce((sum, length) => sum + length, 0)
  return stages.map(({ name }, index) => {
    const mark = { at: Math.max(0, at), text: name.split(':', 1)[0] ?? '', stage: name }
    at += lengths[index] ?? 0
    return mark
  })
}

function secondsOf({ metrics }: Slice): number | undefined {
  const counters: (keyof Metrics)[] = ['http_reqs', 'iterations', 'dropped_iterations']
  for (const name of counters) {
    const values = metrics[name]
    if ('count' in values && 'rate' in values && values.rate > 0) return values.count / values.rate
  }
  return undefined
}
