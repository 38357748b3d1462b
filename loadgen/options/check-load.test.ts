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

const TIMES = 'such as 500ms, 30s, 1m30s or 2h'
const ABOVE_ZERO = `must be a time above 0 ${TIMES}`
const PAUSE = 'must be a time such as 0s, 500ms, 30s, 1m30s or 2h'
const BAD_TIMES = ['30', 'soon', '', -1, true, null]
const BAD_NUMBERS = [-1, '5', Number.NaN, Number.POSITIVE_INFINITY, null, true]

/** Values that the fault of an option calls allowed, and others. */
const values: [option: string, of: (value: unknown) => object, allowed: string, bad: readonly unknown[]][] = [
  ['timeUnit', (timeUnit) => ({ ...arrivals, timeUnit }), ABOVE_ZERO, [...BAD_TIMES, 0, '0s', 'forever']],
  [
    'duration',
    (duration) => ({ ...arrivals, duration }),
    `${ABOVE_ZERO}, or forever`,
    [...BAD_TIMES, '0s', 0],
  ],
  ['duration', (duration) => ({ ...vus, duration }), `${ABOVE_ZERO}, or forever`, [...BAD_TIMES, '0s', 0]],
  ['startTime', (startTime) => ({ ...vus, startTime }), PAUSE, [...BAD_TIMES, 'forever']],
  [
    'timeout',
    (timeout) => ({ ...vus, timeout }),
    `must be a time above 0 and at most 24d, ${TIMES}`,
    [...BAD_TIMES, '0ms', '25d', 'forever'],
  ],
  [
    'retry.backoff',
    (backoff) => ({ ...vus, retry: { attempts: 1, backoff } }),
    PAUSE,
    [...BAD_TIMES, 'forever'],
  ],
  [
    'retry.attempts',
    (attempts) => ({ ...vus, retry: { attempts, backoff: '1s' } }),
    'must be a whole number from 1 to 100',
    [...BAD_NUMBERS, 0, 1.5, 101],
  ],
  [
    'thinkTime',
    (thinkTime) => ({ ...vus, thinkTime }),
    `must be a time ${TIMES}, or two such as ['1s', '3s']`,
    ['soon', true, null, 'forever'],
  ],
  ['thinkTime.1', (second) => ({ ...vus, thinkTime: ['1s', second] }), PAUSE, [...BAD_TIMES, 'forever']],
  [
    'rate',
    (rate) => ({ ...arrivals, rate }),
    'must be a number above 0, at most 100000 per second',
    [...BAD_NUMBERS, 0, 100_001],
  ],
  [
    'startRate',
    (startRate) => ({ ...ramp, startRate }),
    'must be a number from 0 to 100000 per second',
    [...BAD_NUMBERS, 100_001],
  ],
  [
    'stages.0.target',
    (target) => ({ ...ramp, stages: [{ duration: '1s', target }] }),
    'must be a number from 0 to 100000 per second',
    [...BAD_NUMBERS, 100_001],
  ],
  [
    'stages.0.target',
    (target) => ({ ...vuRamp, stages: [{ duration: '1s', target }] }),
    'must be a whole number from 0 to 10000',
    [...BAD_NUMBERS, 1.5, 10_001],
  ],
  [
    'stages.0.duration',
    (duration) => ({ ...ramp, stages: [{ duration, target: 5 }] }),
    PAUSE,
    [...BAD_TIMES, 'forever'],
  ],
  [
    'vus',
    (count) => ({ ...vus, vus: count }),
    'must be a whole number from 1 to 10000',
    [...BAD_NUMBERS, 0, 1.5],
  ],
  [
    'startVUs',
    (startVUs) => ({ ...vuRamp, startVUs }),
    'must be a whole number from 0 to 10000',
    [...BAD_NUMBERS, 10_001],
  ],
  [
    'maxVUs',
    (maxVUs) => ({ ...arrivals, maxVUs }),
    'must be a whole number from 1 to 10000',
    [...BAD_NUMBERS, 0, 10_001],
  ],
  [
    'preAllocatedVUs',
    (preAllocatedVUs) => ({ ...arrivals, preAllocatedVUs }),
    'must be a whole number from 0 to 10000',
    [...BAD_NUMBERS, 10_001],
  ],
  ...['buyers', 'slow', 'returning', 'path'].map((name): (typeof values)[number] => [
    `shoppers.${name}`,
    (share) => ({ ...vus, shoppers: { [name]: share } }),
    'must be a number from 0 to 1',
    [...BAD_NUMBERS, 1.1],
  ]),
  [
    'shoppers.zipf',
    (zipf) => ({ ...vus, shoppers: { zipf } }),
    'must be a number from 0 to 4',
    [...BAD_NUMBERS, 4.1],
  ],
  [
    'shoppers.locales.0',
    (locale) => ({ ...vus, shoppers: { locales: [locale] } }),
    'must be one of es, es_MX, en, pt_BR, fr, de',
    ['xx', '', 'ES', 5],
  ],
]

test.each(values)('%s says what is allowed', (option, of, allowed, bad) => {
  for (const value of bad) {
    const given = value === null ? '' : `, not ${JSON.stringify(value)}`
    expect(faultsOfScenario(of(value))).toEqual([`scenarios.a.${option} ${allowed}${given}`])
  }
})

test.each<[object, string]>([
  [{ ...arrivals, preAllocatedVUs: 6, maxVUs: 5 }, 'preAllocatedVUs must be at most maxVUs, 5'],
  [
    { ...arrivals, timeUnit: '1ms', rate: 101 },
    'rate must be a number above 0, at most 100000 per second, not 101',
  ],
  [
    { ...ramp, timeUnit: '1ms', startRate: 101 },
    'startRate must be a number from 0 to 100000 per second, not 101',
  ],
  [{ ...ramp, stages: [{ duration: '0s', target: 5 }] }, 'stages must have a stage longer than 0s'],
  [{ ...ramp, stages: [] }, 'stages must have at least one stage'],
  [{ ...vus, shoppers: { locales: [] } }, 'shoppers.locales must be a list of es, es_MX, en, pt_BR, fr, de'],
  [{ ...ramp, stages: [{ target: 5 }] }, 'stages.0.duration is missing'],
  [{ executor: 'constant-vus', vus: 1 }, 'duration is missing'],
  [{ ...vus, thinkTime: ['1s'] }, `thinkTime must be a time ${TIMES}, or two such as ['1s', '3s']`],
  [{ ...vus, tags: { lane: 'fast' } }, 'tags.lane is a tag that every sample already has'],
  [
    { vus: 1 },
    'executor is missing; it must be one of constant-arrival-rate, ramping-arrival-rate, constant-vus, ramping-vus',
  ],
  [{ ...vus, toString: 1 }, 'toString is unknown'],
  [{ ...vus, executor: 'constant' }, 'executor must be one of constant-arrival-rate, '],
  [
    { executor: 'per-vu-iterations', vus: 5 },
    "executor is k6's per-vu-iterations, which is not supported: use constant-vus",
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

test('thresholds are checked even if the rest is invalid', () => {
  const thresholds = { lost: ['count=0'], http_reqs: 'count>0', nothing: ['avg<1'], wrong: ['count==0'] }
  expect(faultsOf({ scenarios: { a: { ...vus, vus: 0 } }, thresholds })).toEqual([
    'scenarios.a.vus must be a whole number from 1 to 10000, not 0',
    expect.stringContaining('thresholds.http_reqs must be a list'),
    expect.stringContaining("threshold lost: 'count=0' must be such as"),
    expect.stringContaining('threshold nothing: is not a metric'),
  ])
})

test.each([5, null, 'load', []])('%j is no load', (value) => {
  expect(faultsOf(value)).toEqual([expect.stringMatching(/^must be an object(, not (5|"load"))?$/)])
})
