import { expect, test } from 'vitest'
import { createTimeline } from './timeline.ts'

const isExpected = (outcome: number | string) => outcome === 202

test('a second is a point, with its figures', () => {
  const timeline = createTimeline(isExpected)
  timeline.sent(6)
  for (const ms of [10, 20, 30, 40]) timeline.request(202, ms)
  timeline.request(503, 1)
  timeline.accepted()
  timeline.dropped(3)
  timeline.notification(70)
  timeline.tick(1_000, 1_000, 5, 2)
  timeline.tick(2_000, 1_000, undefined, 0)
  expect(timeline.points(undefined, 0)).toEqual([
    {
      at: 0,
      asked: 5,
      sent: 6,
      accepted: 1,
      dropped: 3,
      failures: { '503': 1 },
      inFlight: 2,
      duration: {
        p50: expect.closeTo(20, 1),
        p90: expect.closeTo(40, 1),
        p99: expect.closeTo(40, 1),
        max: 40,
      },
      delay: { p50: 70, p90: 70, p99: 70, max: 70 },
    },
    {
      at: 1,
      asked: undefined,
      sent: 0,
      accepted: 0,
      dropped: 0,
      failures: {},
      inFlight: 0,
      duration: undefined,
      delay: undefined,
    },
  ])
})

test('rates are per second, however long the second was', () => {
  const timeline = createTimeline(isExpected)
  timeline.sent(6)
  timeline.tick(1_500, 1_500, 4, 0)
  expect(timeline.last().sentRate).toBe(4)
  expect(timeline.points(undefined, 0)[0]?.sent).toBe(4)
})

test('a long run has fewer and longer points: no peak disappears, and no count', () => {
  const timeline = createTimeline(isExpected)
  const SECONDS = 10_000
  let peaks = 0
  for (let second = 0; second < SECONDS; second++) {
    const isPeak = second % 1_000 === 500
    if (isPeak) peaks++
    timeline.sent(1)
    timeline.request(isPeak ? 500 : 202, isPeak ? 900 : 10)
    timeline.tick((second + 1) * 1_000, 1_000, 1, 0)
  }
  const points = timeline.points(1, 0)
  expect(points.length).toBeLessThan(1_200)
  expect(points.length).toBeGreaterThan(500)
  expect(points.filter(({ duration }) => duration?.max === 900)).toHaveLength(peaks)
  const spans = points.map(({ at }, i) => (points[i + 1]?.at ?? SECONDS) - at)
  const total = points.reduce((sum, { sent }, i) => sum + sent * (spans[i] ?? 0), 0)
  expect(total).toBeCloseTo(SECONDS, -2)
  expect(points.every(({ at }, i) => i === 0 || at > (points[i - 1]?.at ?? 0))).toBe(true)
})

test('the last seconds are those that the screen shows', () => {
  const timeline = createTimeline(isExpected)
  for (let second = 1; second <= 200; second++) {
    if (second !== 199) timeline.request(202, second)
    timeline.tick(second * 1_000, 1_000, 1, 0)
  }
  const recent = timeline.recentP99()
  expect(recent).toHaveLength(120)
  expect(recent.at(-1)).toBe(200)
  expect(recent.at(-2)).toBeUndefined()
})
