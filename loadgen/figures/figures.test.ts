import { expect, test } from 'vitest'
import { loadDefinitionSchema } from '../load-definition.ts'
import { planScenario } from '../scenario-plan.ts'
import type { RequestSample } from '../sending/samples.ts'
import { createFigures } from './figures.ts'
import { parseSelector } from './thresholds.ts'

const { scenarios } = loadDefinitionSchema.parse({
  scenarios: {
    phones: { executor: 'constant-arrival-rate', rate: 10, duration: '10s', tags: { device: 'phone' } },
    desks: {
      executor: 'ramping-arrival-rate',
      startTime: '5s',
      stages: [
        { duration: '10s', target: 10 },
        { duration: '0s', target: 20 },
        { duration: '5s', target: 20 },
      ],
    },
  },
})
const plans = Object.entries(scenarios).map(([name, scenario]) => planScenario(name, scenario))

const request = (changes: Partial<RequestSample>): RequestSample => ({
  scenario: 0,
  stage: 0,
  lane: 'purchase',
  outcome: 202,
  retry: false,
  resent: false,
  dueAt: 1_000,
  sentAt: 1_005,
  endedAt: 1_030,
  bytesSent: 600,
  bytesReceived: 300,
  ...changes,
})

function select(figures: ReturnType<typeof createFigures>, text: string) {
  const selector = parseSelector(text)
  if (typeof selector === 'string') throw new Error(selector)
  return figures.select(selector)
}

test('a request counts for the run, its scenario, its stage and its lane, from its due time', () => {
  const figures = createFigures(plans, true)
  figures.request(request({}))
  figures.request(request({ scenario: 1, stage: 2, lane: 'browse', outcome: 503, retry: true }))
  const { lanes, scenarios: byScenario, stages } = figures.slices.results(20_000)
  const counts = (slices: typeof lanes) => slices.map(({ name, metrics }) => [name, metrics.http_reqs.count])
  expect(counts(lanes)).toEqual([
    ['purchase', 1],
    ['browse', 1],
  ])
  expect(counts(byScenario)).toEqual([
    ['phones', 1],
    ['desks', 1],
  ])
  expect(counts(stages)).toEqual([
    ['phones 1: 10s at 10/s', 1],
    ['desks 1: 10s 0 → 10/s', 0],
    ['desks 3: 5s at 20/s', 1],
  ])
  const total = figures.total.values(20)
  expect(total.http_reqs).toEqual({ count: 2, rate: 0.1 })
  expect(total.http_req_duration).toMatchObject({ avg: 30, min: 30, max: 30 })
  expect(total.http_req_service_time).toMatchObject({ avg: 25, max: 25 })
  expect(total.send_delay).toMatchObject({ avg: 5 })
  expect(total.http_req_failed).toEqual({ passes: 1, fails: 1, value: 0.5 })
  expect(total.retries.count).toBe(1)
  expect(total.data_sent.count).toBe(1_200)
  expect(stages[2]?.failures).toEqual({ '503': 1 })
})

test('rates of a stage are over its own time, as far as it got', () => {
  const figures = createFigures(plans, true)
  for (let n = 0; n < 50; n++) figures.request(request({}))
  expect(figures.slices.results(20_000).stages[0]?.metrics.http_reqs.rate).toBe(5)
  expect(figures.slices.results(5_000).stages.map(({ metrics }) => metrics.http_reqs.rate)).toEqual([10])
})

test.each<[string, number]>([
  ['http_reqs', 5],
  ['http_reqs{lane:purchase}', 3],
  ['http_reqs{scenario:desks}', 2],
  ['http_reqs{scenario:desks,lane:purchase}', 1],
  ['http_reqs{stage:3}', 1],
  ['http_reqs{device:phone}', 3],
  ['http_reqs{status:503}', 1],
  ['http_reqs{status:timeout}', 1],
  ['http_reqs{expected_response:true}', 3],
  ['http_reqs{expected_response:false}', 2],
  ['http_reqs{lane:nobody}', 0],
])('%s has %d of five', (selector, count) => {
  const figures = createFigures(plans, true)
  const metrics = select(figures, selector)
  figures.request(request({}))
  figures.request(request({ outcome: 'timeout' }))
  figures.request(request({ lane: 'browse', outcome: 503 }))
  figures.request(request({ scenario: 1 }))
  figures.request(request({ scenario: 1, stage: 2, lane: 'browse' }))
  expect(metrics.counts.http_reqs).toBe(count)
})

test('failures depend on whether outcomes are followed', () => {
  for (const [verify, outcome, failed] of [
    [true, 202, false],
    [true, 200, true],
    [false, 200, false],
    [false, 302, false],
    [false, 404, true],
    [false, 'connection closed', true],
  ] as const) {
    const figures = createFigures(plans, verify)
    figures.request(request({ outcome }))
    expect(figures.total.values(1).http_req_failed.passes, `${verify} ${outcome}`).toBe(Number(failed))
  }
})

test('lost and wrong ones, delays and dropped ones count where they belong', () => {
  const figures = createFigures(plans, true)
  const acceptance = {
    eventId: 'e',
    scenario: 0,
    stage: 0,
    lane: 'browse' as const,
    dueAt: 1_000,
    sentAt: 1_010,
    expected: { kind: 'quick' as const, textHash: 0 },
  }
  figures.fault('lost', acceptance)
  figures.notification(acceptance, 1_050)
  figures.dropped(1, 0, 7)
  const { lanes, stages } = figures.slices.results(20_000)
  expect(lanes.map(({ metrics }) => metrics.lost.count)).toEqual([0, 1])
  expect(lanes[1]?.metrics.notification_delay.max).toBe(50)
  expect(lanes[1]?.metrics.notification_delay_from_post.max).toBe(40)
  expect(stages.map(({ metrics }) => metrics.dropped_iterations.count)).toEqual([0, 7, 0])
  expect(figures.total.counts.dropped_iterations).toBe(7)
})
