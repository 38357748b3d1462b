import type { Breakpoint } from '../run-result.ts'
import type { ScenarioPlan } from '../scenario-plan.ts'
import type { MetricSet } from './metric-set.ts'
import type { PlannedThreshold } from './planned-thresholds.ts'
import { isKept } from './thresholds.ts'

// What was due in a stage ends, and its notifications come, when the next one has begun.
const SETTLE_MS = 2_000

/** Holds each stage of constant rate against every threshold, when it is over, until one does not hold. */
export function createBreakpointSearch(
  { segments }: ScenarioPlan,
  thresholds: readonly PlannedThreshold[],
  metricsOf: (stage: number) => MetricSet | undefined,
) {
  const steps = segments.filter(({ durationMs, from, to }) => durationMs > 0 && from === to)
  const result: Breakpoint = { held: undefined, broken: undefined }
  let judged = 0

  function judge(stage: number, seconds: number): string[] {
    const metrics = metricsOf(stage)
    return thresholds
      .filter(({ selector, threshold }) => {
        const actual = metrics?.aggregate(selector.metric, threshold.aggregation, seconds)
        return actual === undefined || !isKept(threshold, actual)
      })
      .map(({ metric, expression }) => `${metric} ${expression}`)
  }

  /** Whether the rate that broke is found, among the stages that ended before this time. */
  function judgeUntil(elapsedMs: number): boolean {
    for (let step = steps[judged]; step && step.endMs <= elapsedMs; step = steps[judged]) {
      if (result.broken) return true
      const broken = judge(step.stage, step.durationMs / 1000)
      judged++
      if (broken.length > 0) result.broken = { rate: step.to, thresholds: broken }
      else result.held = step.to
    }
    return result.broken !== undefined
  }

  return {
    tick: (elapsedMs: number): boolean => judgeUntil(elapsedMs - SETTLE_MS),
    /** Once nothing more comes. */
    result(sendingMs: number): Breakpoint {
      judgeUntil(sendingMs)
      return result
    },
  }
}
