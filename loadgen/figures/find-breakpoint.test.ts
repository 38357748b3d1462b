import { expect, test } from 'vitest'
import { loadDefinitionSchema } from '../load-definition.ts'
import { planScenario } from '../scenario-plan.ts'
import { createBreakpointSearch } from './find-breakpoint.ts'
import { createMetricSet } from './metric-set.ts'
import { planThresholds } from './planned-thresholds.ts'

const { scenarios, thresholds } = loadDefinitionSchema.parse({
  scenarios: {
    shoppers: {
      executor: 'ramping-arrival-rate',
      startRate: 100,
      stages: [
        { duration: '10s', target: 100 },
        { duration: '0s', target: 200 },
        { duration: '10s', target: 200 },
        { duration: '5s', target: 400 },
        { duration: '10s', target: 400 },
      ],
    },
  },
  thresholds: { http_req_duration: ['p(99)<100', 'avg<50'], dropped_iterations: ['count==0'] },
})
const { shoppers } = scenarios
if (!shoppers) throw new Error('no scenario')
const plan = planScenario('shoppers', shoppers)
const { planned } = planThresholds(thresholds, { verify: true, scenarios, breakpoint: true })

/** A search over stages with these request durations; a stage without a duration has no requests. */
function search(times: Record<number, number>, unanswered: Record<number, number> = {}) {
  const stages = plan.segments.map(() => createMetricSet())
  for (const [stage, ms] of Object.entries(times)) stages[Number(stage)]?.trends.http_req_duration.record(ms)
  return createBreakpointSearch(plan, planned, (stage) => {
    const metrics = stages[stage]
    return metrics && { metrics, unanswered: unanswered[stage] ?? 0, unnotified: 0 }
  })
}

test('the last rate before the broken one passed; ramps and jumps do not count', () => {
  const { tick, result } = search({ 0: 10, 2: 20, 3: 5_000, 4: 60 })
  expect([11_000, 12_000, 22_000, 27_000, 36_000].map(tick)).toEqual([false, false, false, false, false])
  expect(result(30_000, 60_000)).toEqual({ held: 200, broken: undefined })
  expect(tick(37_000)).toBe(true)
  expect(result(37_000, 60_000)).toEqual({
    held: 200,
    broken: { rate: 400, thresholds: ['http_req_duration avg<50 (60)'] },
  })
})

test('a stage that is over at the end is judged, one that is not is not', () => {
  expect(search({ 0: 10, 2: 20, 4: 10 }).result(34_999, 60_000).held).toBe(200)
  expect(search({ 0: 10, 2: 20, 4: 10 }).result(35_000, 60_000)).toEqual({ held: 400, broken: undefined })
})

test('the last stage is judged, too, when the threads have ended a moment before it', () => {
  expect(search({ 0: 10, 2: 20, 4: 10 }).result(35_000, 34_990)).toEqual({ held: 400, broken: undefined })
})

test('when the first one breaks, none has passed', () => {
  const { tick, result } = search({ 0: 200 })
  expect(tick(12_000)).toBe(true)
  expect(result(12_000, 60_000)).toEqual({
    held: undefined,
    broken: {
      rate: 100,
      thresholds: ['http_req_duration p(99)<100 (200)', 'http_req_duration avg<50 (200)'],
    },
  })
})

test('a stage without answers has not passed', () => {
  expect(search({ 0: 10 }).result(40_000, 60_000)).toMatchObject({ held: 100, broken: { rate: 200 } })
})

test('a rate at which requests hang has not passed, although answered ones were fast', () => {
  const hanging = search({ 0: 10, 2: 20, 4: 10 }, { 2: 1 })
  expect(hanging.tick(12_000)).toBe(false)
  // The stage ended at 20 s: a request that is still waiting has waited for at least 2.5 s.
  expect(hanging.tick(22_500)).toBe(true)
  expect(hanging.result(22_500, 22_500)).toMatchObject({
    held: 100,
    broken: { rate: 200, thresholds: ['http_req_duration p(99)<100 (2500)', expect.any(String)] },
  })
})
