import { expect, test } from 'vitest'
import { loadDefinitionSchema } from '../load-definition.ts'
import { planThresholds } from './planned-thresholds.ts'

const { scenarios } = loadDefinitionSchema.parse({
  scenarios: {
    buyers: { executor: 'constant-vus', vus: 1, duration: '1s', tags: { device: 'phone' } },
    browsers: {
      executor: 'ramping-arrival-rate',
      stages: ['1s', '2s', '3s'].map((duration) => ({ duration, target: 5 })),
      tags: { device: 'desk' },
    },
  },
})
const context = { verify: true, scenarios, breakpoint: false }
const given = (thresholds: Parameters<typeof loadDefinitionSchema.parse>[0]) =>
  loadDefinitionSchema.parse({ scenarios, thresholds }).thresholds
const faultsOf = (metric: string, expression = 'count==0', changes = {}) =>
  planThresholds(given({ [metric]: [expression] }), { ...context, ...changes }).faults

test('thresholds are planned in order, with what they do when they break', () => {
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
  'http_reqs{stage:3}',
  'http_reqs{scenario:browsers,stage:3,device:desk}',
  'http_reqs{status:503}',
  'http_reqs{status:connection refused}',
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
  ['lost{scenario:buyer}', "has no scenario 'buyer'; it has buyers, browsers"],
  ['http_reqs{stage:0}', "has no stage '0'; it has 1 to 3"],
  ['http_reqs{stage:4}', "has no stage '4'; it has 1 to 3"],
  ['lost{lane:buy}', "has no lane 'buy'; it has purchase, browse"],
  ['http_reqs{expected_response:yes}', "has no expected_response 'yes'; it has true, false"],
  ['http_reqs{device:tablet}', "has no device 'tablet'; it has phone, desk"],
  [
    'http_reqs{status:5xx}',
    "has no status '5xx'; it has a number such as 503, timeout, connection refused, ",
  ],
  ['http_reqs{scenario:buyers,stage:2}', 'no scenario has all of these tags'],
  ['http_reqs{stage:2,device:phone}', 'no scenario has all of these tags'],
  ['duplicated{lane:purchase}', 'is known only for the whole run'],
  ['dropped_iterations{lane:browse}', 'has no lane'],
  ['nothing', 'is not a metric'],
])('%s cannot', (metric, fault) => {
  expect(faultsOf(metric)).toEqual([expect.stringContaining(`threshold ${metric}: ${fault}`)])
})

test('metrics of outcomes are rejected without following outcomes', () => {
  expect(faultsOf('lost', 'count==0', { verify: false })).toEqual([
    'threshold lost: is not measured with --no-verify',
  ])
  expect(faultsOf('http_req_duration', 'avg<1', { verify: false })).toEqual([])
})

test('a breakpoint allows no tags and no windows', () => {
  expect(faultsOf('http_reqs{lane:browse}', 'count>0', { breakpoint: true })).toHaveLength(1)
  expect(faultsOf('http_reqs', 'count>0 over 5s', { breakpoint: true })).toHaveLength(1)
  expect(faultsOf('http_reqs', 'count>0', { breakpoint: true })).toEqual([])
})

test.each(['lost', 'duplicated'])('no stage of a breakpoint could break %s', (metric) => {
  expect(faultsOf(metric, 'count==0', { breakpoint: true })).toEqual([
    `threshold ${metric}: is known only at the end of the run, and a breakpoint tests each stage against it`,
  ])
})

test.each([
  ['wrong', 'count==0'],
  ['notification_delay', 'avg<5'],
])('a breakpoint takes %s', (metric, expression) => {
  expect(faultsOf(metric, expression, { breakpoint: true })).toEqual([])
})

test('all faults are named at once', () => {
  const { faults } = planThresholds(given({ lost: ['count=0', 'rate'], nothing: ['avg<1'] }), context)
  expect(faults).toHaveLength(3)
})
