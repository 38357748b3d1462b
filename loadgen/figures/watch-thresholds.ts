import type { RunResult, ThresholdResult } from '../run-result.ts'
import type { Figures } from './figures.ts'
import { metricTypes } from './metric-names.ts'
import type { MetricSet } from './metric-set.ts'
import type { PlannedThreshold } from './planned-thresholds.ts'
import { createSlidingWindow } from './sliding-window.ts'
import { isKept } from './thresholds.ts'

interface Verdict {
  ok: boolean
  actual: number | undefined
  at?: number
}

/** Tests figures against the thresholds, during the run and at its end. */
export function createThresholdWatch(planned: readonly PlannedThreshold[], figures: Figures) {
  const watched = planned.map((each) => {
    const metrics = figures.select(each.selector)
    const judge = each.threshold.windowMs === undefined ? wholeRun(each, metrics) : everyWindow(each, metrics)
    return Object.assign({ metrics }, each, judge)
  })

  return {
    /**
     * Once a second, until all samples have arrived. Returns the thresholds that are broken now, as written.
     */
    tick(elapsedMs: number, sending: boolean): string[] {
      return watched
        .filter(({ tick }) => !tick(elapsedMs, sending))
        .map(({ metric, expression }) => `${metric} ${expression}`)
    },
    /** The first broken threshold that ends the run. */
    aborting: (elapsedMs: number): string | undefined => {
      const found = watched.find(
        ({ abortOnFail, delayAbortMs, hasBroken }) =>
          abortOnFail && elapsedMs >= delayAbortMs && hasBroken(elapsedMs),
      )
      return found && `${found.metric} ${found.expression}`
    },
    /** The metrics that have thresholds, in k6's layout: a threshold is `true` if it is broken. */
    metrics(seconds: number): RunResult['metrics'] {
      const found: RunResult['metrics'] = {}
      for (const { metric, expression, selector, metrics, verdict } of watched) {
        const entry = found[metric] ?? { ...metrics.values(seconds)[selector.metric], thresholds: {} }
        found[metric] = { ...entry, thresholds: { ...entry.thresholds, [expression]: !verdict(seconds).ok } }
      }
      return found
    },
    results: (seconds: number): ThresholdResult[] =>
      watched.map(({ metric, expression, verdict }) =>
        Object.assign({ metric, expression }, verdict(seconds)),
      ),
  }
}

/** A threshold without samples is not broken during the run. */
const isBroken = ({ ok, actual }: Verdict) => !ok && actual !== undefined

function wholeRun({ selector, threshold }: PlannedThreshold, metrics: MetricSet) {
  const verdict = (seconds: number): Verdict => {
    const actual = metrics.aggregate(selector.metric, threshold.aggregation, seconds)
    // At the end, a threshold without samples has not passed.
    return { ok: actual !== undefined && isKept(threshold, actual), actual }
  }
  const hasBroken = (elapsedMs: number) => isBroken(verdict(elapsedMs / 1000))
  return { tick: (elapsedMs: number, _sending: boolean) => !hasBroken(elapsedMs), hasBroken, verdict }
}

/** The first window that breaks it decides. A run shorter than the window is one window. */
function everyWindow({ selector, threshold }: PlannedThreshold, metrics: MetricSet) {
  const { aggregation, windowMs = 0 } = threshold
  const window = createSlidingWindow(metrics, selector.metric, windowMs)
  const isOfTraffic = aggregation === 'count' || metricTypes[selector.metric] === 'counter'
  let last: Verdict = { ok: false, actual: undefined }
  let broken: Verdict | undefined

  function judge(elapsedMs: number): Verdict {
    const actual = window.aggregate(aggregation, elapsedMs)
    return { ok: actual !== undefined && isKept(threshold, actual), actual, at: elapsedMs / 1000 }
  }

  return {
    tick(elapsedMs: number, sending: boolean): boolean {
      window.moveTo(elapsedMs)
      // After sending ends the rates fall, which is not the target's fault.
      if (!window.isFull() || (isOfTraffic && !sending)) return true
      const verdict = judge(elapsedMs)
      if (verdict.actual === undefined) return true
      last = verdict
      if (!last.ok) broken ??= last
      return last.ok
    },
    hasBroken: (_elapsedMs: number) => broken !== undefined,
    verdict: (seconds: number): Verdict => broken ?? (window.isFull() ? last : judge(seconds * 1000)),
  }
}
