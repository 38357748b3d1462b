import { expect, test } from 'vitest'
import { testOutcomes, testResult } from './report/test-result.ts'
import type { Outcomes, RunResult } from './run-result.ts'
import { verdictOf } from './verdict.ts'

const judge = (outcomes: Partial<Outcomes>, load: Partial<RunResult['load']> = {}) =>
  verdictOf(testResult({ outcomes: { ...testOutcomes, ...outcomes }, ...load }))

test('once and right, also when it was interrupted', () => {
  expect(judge({})).toEqual({ exitCode: 0, failures: [] })
  expect(judge({}, { endedEarly: 'interrupted' })).toEqual({ exitCode: 0, failures: [] })
})

test.each(['lost', 'duplicated', 'wrongKind', 'wrongText'])('%s: it failed', (fault) => {
  expect(judge({ [fault]: 1 })).toEqual({
    exitCode: 1,
    failures: ['not every accepted checkout has exactly one correct outcome'],
  })
})

test('unknown outcomes are distinguished from lost ones', () => {
  expect(judge({ unknown: 2 })).toEqual({
    exitCode: 1,
    failures: ['the outcome of 2 accepted checkouts is unknown'],
  })
  expect(judge({ unknown: 1, lost: 1 }).failures).toEqual([
    'not every accepted checkout has exactly one correct outcome',
    'the outcome of 1 accepted checkout is unknown',
  ])
})

test('notifications that could not be read are faults of their own', () => {
  const unreadable = (n: number) => judge({ stream: { ...testOutcomes.stream, unreadable: n } })
  expect(unreadable(1)).toEqual({ exitCode: 1, failures: ['1 notification could not be read'] })
  expect(unreadable(3).failures).toEqual(['3 notifications could not be read'])
})

test('nothing accepted: it failed', () => {
  expect(judge({ accepted: 0, single: 0 })).toEqual({ exitCode: 1, failures: ['nothing was accepted'] })
})

test.each([
  [{ '401': 9, '503': 1 }, /^nothing was accepted \(401\): .* with --key-file$/],
  [{ '403': 9 }, /^nothing was accepted \(403\): .* the scopes write, read and personal$/],
  [
    { 'connection refused': 9 },
    /^nothing was accepted \(connection refused\): is the system running\? npm start /,
  ],
  [{ '503': 9 }, /^nothing was accepted$/],
])('nothing accepted, %j: the remedy is shown', (failures, words) => {
  const [failure] = judge({ accepted: 0, single: 0 }, { failures }).failures
  expect(failure).toMatch(words)
})

test('a recording that could not be continued fails the run, with the reason', () => {
  const endedEarly = 'cannot record in runs: no space left on device'
  expect(judge({}, { endedEarly })).toEqual({ exitCode: 1, failures: [endedEarly] })
})

test('a broken threshold has its own exit code, unless there is a worse failure', () => {
  const thresholds = [{ metric: 'http_reqs', expression: 'count>9', ok: false, actual: 5 }]
  const endedEarly = 'threshold broken: http_reqs count>9'
  expect(judge({}, { thresholds, endedEarly })).toEqual({ exitCode: 99, failures: [endedEarly] })
  expect(judge({ lost: 1 }, { thresholds, endedEarly }).exitCode).toBe(1)
})

test('a threshold that ended the run is broken, whatever samples come later', () => {
  const thresholds = [{ metric: 'http_reqs', expression: 'rate<0.5', ok: true, actual: 0.4 }]
  const endedEarly = 'threshold broken: http_reqs rate<0.5'
  expect(judge({}, { thresholds, endedEarly })).toEqual({ exitCode: 99, failures: [endedEarly] })
})

test('a breakpoint search fails when even its first rate broke', () => {
  const endedEarly = 'the breaking point was found'
  const broken = { rate: 100, thresholds: ['p(99)<250'] }
  expect(judge({}, { endedEarly, breakpoint: { held: 50, broken } }).exitCode).toBe(0)
  expect(judge({}, { endedEarly, breakpoint: { held: undefined, broken } })).toEqual({
    exitCode: 99,
    failures: ['even the first rate broke a threshold'],
  })
})
