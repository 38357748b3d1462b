import { expect, test } from 'vitest'
import { type LoadDefinition, loadDefinitionSchema } from '../load-definition.ts'
import { planScenario } from '../scenario-plan.ts'
import { createFigures } from './figures.ts'
import { planThresholds } from './planned-thresholds.ts'
import { createThresholdWatch } from './watch-thresholds.ts'

type Thresholds = NonNullable<LoadDefinition['thresholds']>

/** A watch, and a second with requests of these durations; a negative one failed. */
function createWatch(thresholds: Thresholds) {
  const { scenarios, thresholds: checked } = loadDefinitionSchema.parse({
    scenarios: { shoppers: { executor: 'constant-arrival-rate', rate: 10, duration: '1m' } },
    thresholds,
  })
  const plans = Object.entries(scenarios).map(([name, scenario]) => planScenario(name, scenario))
  const figures = createFigures(plans, true)
  const { planned, faults } = planThresholds(checked, { verify: true, scenarios, breakpoint: false })
  expect(faults).toEqual([])
  const watch = createThresholdWatch(planned, figures)
  let seconds = 0
  let sending = true
  function second(...times: number[]): string[] {
    seconds++
    for (const ms of times) {
      figures.request({
        scenario: 0,
        stage: 0,
        lane: 'purchase',
        outcome: ms < 0 ? 500 : 202,
        retry: false,
        resent: false,
        dueAt: 0,
        sentAt: 0,
        endedAt: Math.abs(ms),
        bytesSent: 1,
        bytesReceived: 1,
      })
    }
    return watch.tick(seconds * 1_000, sending)
  }
  const endSending = () => {
    sending = false
  }
  return { watch, second, endSending, results: () => watch.results(seconds) }
}

test('over the whole run, a bad second disappears', () => {
  const { second, results } = createWatch({ http_req_duration: ['avg<100'] })
  expect(second(500)).toEqual(['http_req_duration avg<100'])
  for (let n = 0; n < 9; n++) second(10)
  expect(second()).toEqual([])
  expect(results()).toEqual([
    { metric: 'http_req_duration', expression: 'avg<100', ok: true, actual: expect.closeTo(59, 3) },
  ])
})

test('in windows, it does not', () => {
  const { second, results } = createWatch({ http_req_duration: ['avg<100 over 2s', 'avg<100 over 5s'] })
  for (let n = 0; n < 5; n++) expect(second(10, 10)).toEqual([])
  expect(second(190, 190)).toEqual(['http_req_duration avg<100 over 2s'])
  expect(second(10, 10)).toEqual(['http_req_duration avg<100 over 2s'])
  expect(second(10, 10)).toEqual([])
  expect(results()).toMatchObject([
    { expression: 'avg<100 over 2s', ok: false, actual: 100, at: 6 },
    { expression: 'avg<100 over 5s', ok: true, actual: 46 },
  ])
})

test.each([
  ['http_req_duration', 'p(99)<100 over 2s', [10, 10], [10, 300]],
  ['http_req_duration', 'max<100 over 2s', [10, 10], [10, 300]],
  ['http_req_duration', 'count>2 over 2s', [10, 10], []],
  ['http_req_failed', 'rate<0.2 over 2s', [10, 10], [-10, 10]],
  ['http_reqs', 'count>2 over 2s', [10, 10], []],
  ['http_reqs', 'rate>=1.5 over 2s', [10, 10], []],
])('%s %s falls when it should, in the second that makes it fall', (metric, expression, good, bad) => {
  const { second, results } = createWatch({ [metric]: [expression] })
  for (let n = 0; n < 4; n++) expect(second(...good)).toEqual([])
  expect(second(...bad)).toEqual([`${metric} ${expression}`])
  for (let n = 0; n < 4; n++) second(...good)
  expect(results()).toMatchObject([{ ok: false, at: 5 }])
})

test('a window that is not full yet breaks nothing, unless the run ends with it', () => {
  const { second, results } = createWatch({ http_req_duration: ['avg<100 over 10s'] })
  expect(second(500)).toEqual([])
  expect(results()).toMatchObject([{ ok: false, actual: 500 }])
  second(10, 10, 10, 10, 10)
  expect(results()).toMatchObject([{ ok: true }])
})

test('a threshold without samples has not passed, but does not break during the run', () => {
  const { watch, second, results } = createWatch({
    notification_delay: [{ threshold: 'p(99)<100', abortOnFail: true }],
    'http_req_duration{status:503}': ['avg<100 over 1s'],
    lost: ['count==0'],
  })
  expect(second(10)).toEqual([])
  expect(watch.aborting(1_000)).toBeUndefined()
  expect(results().map(({ ok, actual }) => [ok, actual])).toEqual([
    [false, undefined],
    [false, undefined],
    [true, 0],
  ])
})

test('the one that ends the run does so when it is broken, and not before it may', () => {
  const { watch, second } = createWatch({
    http_req_duration: ['avg<1', { threshold: 'avg<50', abortOnFail: true, delayAbortEval: '3s' }],
  })
  second(100)
  expect(watch.aborting(2_999)).toBeUndefined()
  expect(watch.aborting(3_000)).toBe('http_req_duration avg<50')
})

test('in k6’s layout a threshold is true when it is broken, beside the values of its metric', () => {
  const { watch, second } = createWatch({
    'http_req_duration{status:202}': ['avg<50', 'avg<200'],
    http_req_failed: ['rate<0.5'],
  })
  second(100, -300)
  expect(watch.metrics(1)).toMatchObject({
    'http_req_duration{status:202}': { count: 1, avg: 100, thresholds: { 'avg<50': true, 'avg<200': false } },
    http_req_failed: { passes: 1, fails: 1, value: 0.5, thresholds: { 'rate<0.5': true } },
  })
})

test('after the sending, late answers still break a window, and their ebbing does not', () => {
  const { second, endSending, results } = createWatch({
    http_req_duration: ['p(99)<100 over 2s', 'count>1 over 2s'],
    http_reqs: ['rate>=1 over 2s'],
  })
  for (let n = 0; n < 4; n++) expect(second(10, 10)).toEqual([])
  endSending()
  expect(second()).toEqual([])
  expect(second(5_000)).toEqual(['http_req_duration p(99)<100 over 2s'])
  for (let n = 0; n < 3; n++) second()
  expect(results().map(({ ok }) => ok)).toEqual([false, true, true])
})
