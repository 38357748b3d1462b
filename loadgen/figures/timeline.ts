import type { Progress } from '../progress.ts'
import type { Quantiles, TimelinePoint } from '../run-result.ts'
import type { RequestSample } from '../sending/samples.ts'
import { createTrend } from './trend.ts'

const MAX_POINTS = 1_200
const RECENT = 120

/** The figures of the current interval. */
function createInterval() {
  return {
    duration: createTrend(),
    delay: createTrend(),
    sent: 0,
    accepted: 0,
    dropped: 0,
    failures: new Map<string, number>(),
  }
}

type Interval = ReturnType<typeof createInterval>

/** Figures of a run for each second. A long run has longer intervals, so that memory stays bounded. */
export function createTimeline(isExpected: (outcome: RequestSample['outcome']) => boolean) {
  let points: TimelinePoint[] = []
  let secondsPerPoint = 1
  let second = createInterval()
  let point = createInterval()
  let pointSeconds = 0
  let pointStartedAt = 0
  const recent: { p99: number | undefined }[] = []
  let last: Pick<Progress, 'sentRate' | 'duration' | 'delay'> = {
    sentRate: 0,
    duration: undefined,
    delay: undefined,
  }
  const both = (count: (interval: Interval) => void) => {
    count(second)
    count(point)
  }

  function closePoint(asked: number | undefined, inFlight: number) {
    const rate = (count: number) => count / pointSeconds
    points.push({
      at: pointStartedAt,
      asked,
      sent: rate(point.sent),
      accepted: rate(point.accepted),
      dropped: rate(point.dropped),
      failures: Object.fromEntries([...point.failures].map(([why, count]) => [why, rate(count)])),
      inFlight,
      duration: point.duration.quantiles(),
      delay: point.delay.quantiles(),
    })
    point = createInterval()
    pointSeconds = 0
    if (points.length < MAX_POINTS) return
    points = points.flatMap((first, i) => (i % 2 === 0 ? [merge(first, points[i + 1] ?? first)] : []))
    secondsPerPoint *= 2
  }

  return {
    request(outcome: RequestSample['outcome'], durationMs: number) {
      both((interval) => {
        interval.duration.record(durationMs)
        if (isExpected(outcome)) return
        interval.failures.set(String(outcome), (interval.failures.get(String(outcome)) ?? 0) + 1)
      })
    },
    sent: (count: number) =>
      both((interval) => {
        interval.sent += count
      }),
    accepted: () => both((interval) => interval.accepted++),
    dropped: (count: number) =>
      both((interval) => {
        interval.dropped += count
      }),
    notification: (delayMs: number) => both((interval) => interval.delay.record(delayMs)),

    /** Ends an interval. `elapsedMs` is the time since the start. */
    tick(elapsedMs: number, tookMs: number, asked: number | undefined, inFlight: number) {
      const duration = second.duration.quantiles()
      last = { sentRate: (second.sent * 1000) / tookMs, duration, delay: second.delay.quantiles() }
      recent.push({ p99: duration?.p99 })
      if (recent.length > RECENT) recent.shift()
      if (pointSeconds === 0) pointStartedAt = Math.max(0, elapsedMs - tookMs) / 1000
      pointSeconds += tookMs / 1000
      if (Math.round(pointSeconds) >= secondsPerPoint) closePoint(asked, inFlight)
      second = createInterval()
    },

    last: () => last,
    recentP99: () => recent.map(({ p99 }) => p99),
    /** Includes the current interval. */
    points(asked: number | undefined, inFlight: number): readonly TimelinePoint[] {
      if (pointSeconds > 0) closePoint(asked, inFlight)
      return points
    },
  }
}

const mean = (x: number, y: number) => (x + y) / 2

/** Percentiles cannot be added: the higher one represents both, so that no peak disappears. */
function merge(a: TimelinePoint, b: TimelinePoint): TimelinePoint {
  const reasons = new Set([...Object.keys(a.failures), ...Object.keys(b.failures)])
  return {
    at: a.at,
    asked: a.asked === undefined || b.asked === undefined ? undefined : mean(a.asked, b.asked),
    sent: mean(a.sent, b.sent),
    accepted: mean(a.accepted, b.accepted),
    dropped: mean(a.dropped, b.dropped),
    failures: Object.fromEntries(
      [...reasons].map((why) => [why, mean(a.failures[why] ?? 0, b.failures[why] ?? 0)]),
    ),
    inFlight: Math.max(a.inFlight, b.inFlight),
    duration: higher(a.duration, b.duration),
    delay: higher(a.delay, b.delay),
  }
}

function higher(a: Quantiles | undefined, b: Quantiles | undefined): Quantiles | undefined {
  if (!a || !b) return a ?? b
  return {
    p50: Math.max(a.p50, b.p50),
    p90: Math.max(a.p90, b.p90),
    p99: Math.max(a.p99, b.p99),
    max: Math.max(a.max, b.max),
  }
}
