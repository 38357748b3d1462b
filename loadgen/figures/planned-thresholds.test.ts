import { expect, test } from 'vitest'
import { loadDefinitionSchema } from '../load-definition.ts'
import { planThresholds } from './planned-thresholds.ts'

const { scenarios } = loadDefinitionSchema.parse({
  scenarios: { buyers: { executor: 'constant-vus', vus: 1, duration: '1s', tags: { device: 'phone' } } },
})
const context = { verify: true, scenarios, breakpoint: false }
const given = (thresholds: Parameters<typeof loadDefinitionSchema.parse>[0]) =>
  loadDefinitionSchema.parse({ scenarios, thresholds }).thresholds
const faultsOf = (metric: string, expression = 'count==0', changes = {}) =>
  planThresholds(given({ [metric]: [expression] }), { ...context, ...changes }).faults

test('thresholds are planned in their order, with what they do when they break', () => {
  const { planned, faults } = planThresholds(
    given({
      'http_req_duration{lane:purchase}': [
        'p(99)<250',
        { threshold: 'avg<50 over 5s', abortOnFail: true, delayAbortEval: '10s' },
      ],
      lost: ['count==0'],
    }),
    context,
  )
  expect(faults).toEqual([])
  expect(planned.map(({ metric, expression }) => [metric, expression])).toEqual([
    ['http_req_duration{lane:purchase}', 'p(99)<250'],
    ['http_req_duration{lane:purchase}', 'avg<50 over 5s'],
    ['lost', 'count==0'],
  ])
  expect(planned.map(({ abortOnFail, delayAbortMs }) => [abortOnFail, delayAbortMs])).toEqual([
    [false, 0],
    [true, 10_000],
    [false, 0],
  ])
})

test.each([
  'http_reqs{scenario:buyers}',
  'http_reqs{stage:1}',
  'http_reqs{device:phone}',
  'http_reqs{status:503}',
  'http_reqs{expected_response:true}',
  'accepted{lane:browse,device:phone}',
  'dropped_iterations{scenario:buyers}',
])('%s can be chosen', (metric) => {
  expect(faultsOf(metric)).toEqual([])
})

test.each([
  [
    'http_reqs{colour:red}',
    'has no tag colour; it has scenario, stage, lane, status, expected_response, device',
  ],
  ['accepted{status:202}', 'has no tag status; it has scenario, stage, lane, device'],
  ['duplicated{lane:purchase}', 'is known of the whole run only'],
  ['dropped_iterations{lane:browse}', 'has no lane'],
  ['nothing', 'is no metric'],
])('%s cannot', (metric, fault) => {
  expect(faultsOf(metric)).toEqual([expect.stringContaining(`threshold ${metric}: ${fault}`)])
})

test('what only the outcomes tell cannot be asked for without them', () => {
  expect(faultsOf('lost', 'count==0', { verify: false })).toEqual([
    'threshold lost: is not measured with --no-verify',
  ])
  expect(faultsOf('http_req_duration', 'avg<1', { verify: false })).toEqual([])
})

test('a breakpoint takes no tags and no windows', () => {
  expect(faultsOf('http_reqs{lane:browse}', 'count>0', { breakpoint: true })).toHaveLength(1)
  expect(faultsOf('http_reqs', 'count>0 over 5s', { breakpoint: true })).toHaveLength(1)
  expect(faultsOf('http_reqs', 'count>0', { breakpoint: true })).toEqual([])
})

test('all faults are named at once', () => {
  const { faults } = planThresholds(given({ lost: ['count=0', 'rate'], nothing: ['avg<1'] }), context)
  expect(faults).toHaveLength(3)
})
