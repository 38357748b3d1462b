import { createMetricSet } from '../figures/metric-set.ts'
import type { MetricName, Outcomes, RunResult, Slice, TimelinePoint } from '../run-result.ts'

/** A point of a successful run, with changes. */
export const testPoint = (at: number, changes: Partial<TimelinePoint> = {}): TimelinePoint => ({
  at,
  asked: 50,
  sent: 50,
  accepted: 50,
  dropped: 0,
  failures: {},
  inFlight: 3,
  duration: { p50: 4, p90: 7, p99: 12, max: 20 },
  delay: { p50: 30, p90: 50, p99: 80, max: 100 },
  ...changes,
})

/** A part of a run with requests of these durations in milliseconds. */
export function testSlice(name: string, times: readonly number[], seconds: number): Slice {
  const metrics = createMetricSet()
  for (const time of times) {
    metrics.trends.http_req_duration.record(time)
    metrics.trends.http_req_service_time.record(time / 2)
    metrics.counts.http_reqs++
    metrics.counts.accepted++
  }
  return { name, metrics: metrics.values(seconds), failures: {} }
}

const TIMES = [2, 4, 8, 16, 1_000]
const METRICS: MetricName[] = ['http_req_duration', 'http_req_service_time']

/** Every checkout has exactly one correct outcome. */
export const testOutcomes: Outcomes = {
  accepted: 5,
  single: 5,
  lost: 0,
  unknown: 0,
  duplicated: 0,
  wrongKind: 0,
  wrongText: 0,
  lookedUp: 0,
  examples: { lost: [], duplicated: [], wrongKind: [], wrongText: [] },
  stream: { reconnects: 0, gaps: 0, unreadable: 0 },
}

/** A short successful run, with changes. */
export function testResult(changes: Partial<RunResult['load']> = {}): RunResult {
  const seconds = 10
  const measured = createMetricSet()
  for (const time of TIMES) {
    measured.trends.http_req_duration.record(time)
    measured.trends.http_req_service_time.record(time / 2)
    measured.trends.notification_delay.record(time * 3)
    measured.counts.http_reqs++
    measured.counts.accepted++
  }
  const histograms = Object.fromEntries(
    METRICS.map((name) => [name, measured.trends[name as 'http_req_duration'].encoded()]),
  ) as RunResult['load']['histograms']
  return {
    metrics: { ...measured.values(seconds) },
    load: {
      name: 'cyberday',
      target: 'gateway:3000',
      seed: 7,
      startedAt: '2025-11-25T00:00:00.123Z',
      seconds,
      tags: {},
      stages: [],
      lanes: [],
      scenarios: [testSlice('shoppers', TIMES, seconds)],
      failures: {},
      thresholds: [],
      outcomes: testOutcomes,
      breakpoint: undefined,
      endedEarly: undefined,
      replayLines: undefined,
      rateChanges: [],
      unanswered: 0,
      timeline: Array.from({ length: 10 }, (_, at) => testPoint(at)),
      histograms,
      ...changes,
    },
  }
}
