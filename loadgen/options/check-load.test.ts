import { expect, test } from 'vitest'
import { checkLoad } from './check-load.ts'

const arrivals = { executor: 'constant-arrival-rate', rate: 10, duration: '1s' }
const ramp = {
  executor: 'ramping-arrival-rate',
  startRate: 1,
  stages: [{ duration: '1s', target: 5 }],
}
const vus = { executor: 'constant-vus', vus: 1, duration: '1s' }
const vuRamp = { executor: 'ramping-vus', stages: [{ duration: '1s', target: 5 }] }

const faultsOf = (load: unknown) => {
  const checked = checkLoad(load)
  return Array.isArray(checked) ? checked : []
}
const faultsOfScenario = (scenario: unknown) => faultsOf({ scenarios: { a: scenario } })

test.each<[object]>([
  [{ ...arrivals, timeUnit: '1m', rate: 6_000_000 }],
  [{ ...ramp, stages: [{ duration: '1s', target: 100_000 }] }],
  [{ ...ramp, stages: [...ramp.stages, { duration: 0, target: 9 }] }],
  [{ ...arrivals, preAllocatedVUs: 5, maxVUs: 5 }],
  [{ ...vuRamp, stages: [{ duration: '1s', target: 10_000 }] }],
  [{ ...vus, duration: 'forever', thinkTime: 0 }],
  [{ ...vus, thinkTime: ['0s', '1s'], retry: { attempts: 2, backoff: 0 } }],
])('%j is a scenario', (scenario) => {
  expect(faultsOfScenario(scenario)).toEqual([])
})

test.each<[object, string]>([
  [{ ...arrivals, timeUnit: 0 }, 'timeUnit must be above 0'],
  [{ ...arrivals, duration: '0s' }, 'duration must be above 0'],
  [{ ...vus, duration: 0 }, 'duration must be above 0'],
  [{ ...vus, timeout: '0ms' }, 'timeout must be above 0'],
  [{ ...arrivals, preAllocatedVUs: 6, maxVUs: 5 }, 'preAllocatedVUs must not be above maxVUs'],
  [{ ...arrivals, timeUnit: '1ms', rate: 101 }, 'rate must be at most 100000 per second'],
  [{ ...ramp, timeUnit: '1ms', startRate: 101 }, 'startRate must be at most 100000 per second'],
  [
    { ...ramp, stages: [{ duration: '1s', target: 100_001 }] },
    'stages.0.target must be at most 100000 per second',
  ],
  [{ ...ramp, stages: [{ duration: '0s', target: 5 }] }, 'stages must last for some time'],
  [{ ...vuRamp, stages: [{ duration: '1s', target: 10_001 }] }, 'stages.0.target must be at most 10000'],
  [{ ...vuRamp, stages: [{ duration: '1s', target: 1.5 }] }, 'stages.0.target must be a whole number'],
  [{ ...ramp, stages: [{ target: 5 }] }, 'stages.0.duration is missing'],
  [{ executor: 'constant-vus', vus: 1 }, 'duration is missing'],
  [{ ...vus, vus: 'many' }, 'vus must be a number'],
  [{ ...vus, thinkTime: ['1s'] }, "thinkTime must be a time, or two such as ['1s', '3s']"],
  [{ ...vus, thinkTime: ['1s', 'soon'] }, 'thinkTime.1 must be a time such as 500ms'],
  [{ ...vus, tags: { lane: 'fast' } }, 'tags.lane is a tag that every sample has already'],
  [
    { vus: 1 },
    'executor is missing; it must be constant-arrival-rate, ramping-arrival-rate, constant-vus, ramping-vus',
  ],
  [{ ...vus, toString: 1 }, 'toString is unknown'],
  [{ ...vus, executor: 'constant' }, 'executor must be constant-arrival-rate, '],
  [
    { executor: 'per-vu-iterations', vus: 5 },
    "executor is k6's per-vu-iterations, which is not supported: take constant-vus",
  ],
  [{ executor: 'shared-iterations' }, "executor is k6's shared-iterations, which is not supported: "],
  [{ executor: 'externally-controlled' }, "executor is k6's externally-controlled, which is not supported: "],
])('%j: %s', (scenario, fault) => {
  expect(faultsOfScenario(scenario)).toEqual([expect.stringContaining(`scenarios.a.${fault}`)])
})

test.each(['gracefulStop', 'gracefulRampDown', 'exec', 'env', 'iterations'])(
  '%s of k6 is named',
  (option) => {
    expect(faultsOfScenario({ ...vus, [option]: 1 })).toEqual([
      expect.stringContaining(`scenarios.a.${option}: k6's ${option} is not supported: `),
    ])
  },
)

test.each<[object, string]>([
  [{ lost: 'count==0' }, "thresholds.lost must be a list such as ['p(99)<250']"],
  [{ lost: [5] }, "thresholds.lost.0 must be such as 'p(99)<250' or {"],
  [
    { lost: [{ threshold: 'count==0', abortOnFail: 'yes' }] },
    'thresholds.lost.0.abortOnFail must be true or false',
  ],
  [{ lost: [{ abortOnFail: true }] }, 'thresholds.lost.0.threshold is missing'],
  [
    { lost: [{ threshold: 'count==0', delayAbortEval: 'soon' }] },
    'thresholds.lost.0.delayAbortEval must be a time',
  ],
])('%j: %s', (thresholds, fault) => {
  expect(faultsOf({ scenarios: { a: vus }, thresholds })).toEqual([expect.stringContaining(fault)])
})

test('thresholds are looked at even when the rest is no load', () => {
  const thresholds = { lost: ['count=0'], http_reqs: 'count>0', nothing: ['avg<1'], wrong: ['count==0'] }
  expect(faultsOf({ scenarios: { a: { ...vus, vus: 0 } }, thresholds })).toEqual([
    'scenarios.a.vus must be above 0',
    expect.stringContaining('thresholds.http_reqs must be a list'),
    expect.stringContaining("threshold lost: 'count=0' must be such as"),
    expect.stringContaining('threshold nothing: is no metric'),
  ])
})

test.each([5, null, 'load', []])('%j is no load', (value) => {
  expect(faultsOf(value)).toEqual(['must be an object'])
})
