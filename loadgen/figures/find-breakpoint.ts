import type { Breakpoint, MetricName } from '../run-result.ts'
import type { ScenarioPlan } from '../scenario-plan.ts'
import { isTrend, type MetricSet } from './metric-set.ts'
import type { PlannedThreshold } from './planned-thresholds.ts'
import { type Aggregation, isKept } from './thresholds.ts'

// Answers and notifications of the last requests of a stage arrive after the next stage has begun.
const SETTLE_MS = 2_000

/** Figures of a stage, and what has been waiting since its end. */
export interface StageFigures {
  metrics: MetricSet
  /** Requests without an answer. */
  unanswered: number
  /** Accepted checkouts without their notification. */
  unnotified: number
}

/** Tests each stage of constant rate against every threshold after its end, until one breaks. */
export function createBreakpointSearch(
  { segments }: ScenarioPlan,
  thresholds: readonly PlannedThreshold[],
  figuresOf: (stage: number) => StageFigures | undefined,
) {
  const steps = segments.filter(({ durationMs, from, to }) => durationMs > 0 && from === to)

  function brokenAt(stage: number, seconds: number, waitedMs: number): string[] {
    const figures = figuresOf(stage)
    if (!figures) return []
    return thresholds.flatMap(({ metric, expression, selector, threshold }) => {
      const actual = withWaiting(figures, selector.metric, threshold.aggregation, seconds, waitedMs)
      if (actual !== undefined && isKept(threshold, actual)) return []
      return [
        `${metric} ${expression} (${actual === undefined ? 'no samples' : Number(actual.toPrecision(4))})`,
      ]
    })
  }

  function search(overBy: (endMs: number) => number): Breakpoint {
    const result: Breakpoint = { held: undefined, broken: undefined }
    for (const { stage, durationMs, endMs, to } of steps) {
      if (overBy(endMs) < 0) return result
      const broken = brokenAt(stage, durationMs / 1000, overBy(endMs))
      if (broken.length > 0) return { ...result, broken: { rate: to, thresholds: broken } }
      result.held = to
    }
    return result
  }

  return {
    /** Whether a stage that ended so far has broken a threshold. */
    tick: (elapsedMs: number): boolean =>
      search((endMs) => (elapsedMs - endMs >= SETTLE_MS ? elapsedMs - endMs : -1)).broken !== undefined,
    /** After the end: judges all stages that ended within `sendingMs`, with all their samples. */
    result: (sendingMs: number, elapsedMs: number): Breakpoint =>
      search((endMs) => (endMs <= sendingMs ? Math.max(0, elapsedMs - endMs) : -1)),
  }
}

/** Pending requests count as if they were answered now: a target that hangs must not look fast. */
function withWaiting(
  { metrics, unanswered, unnotified }: StageFigures,
  metric: MetricName,
  aggregation: Aggregation,
  seconds: number,
  waitedMs: number,
): number | undefined {
  if (!isTrend(metric)) return metrics.aggregate(metric, aggregation, seconds)
  const waiting = metric.startsWith('notification_') ? unnotified : unanswered
  if (waiting === 0) return metrics.trends[metric].aggregate(aggregation)
  const trend = metrics.trends[metric].copy()
  for (let n = 0; n < waiting; n++) trend.record(waitedMs)
  return trend.aggregate(aggregation)
}
