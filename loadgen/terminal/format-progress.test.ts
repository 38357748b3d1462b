import { expect, test } from 'vitest'
import type { Progress } from '../progress.ts'
import { formatProgress } from './format-progress.ts'

const healthy: Progress = {
  name: 'peak',
  target: 'http://127.0.0.1:8080',
  phase: 'sending',
  elapsedMs: 12_000,
  plannedMs: 30_000,
  askedRate: 500,
  canChangeRate: true,
  rateFactor: 1,
  sentRate: 499.2,
  sent: 6_000,
  accepted: 5_990,
  dropped: 0,
  retries: 0,
  inFlight: 3,
  duration: { p50: 4, p90: 8, p99: 12.34, max: 40 },
  recentP99: [12.34],
  failures: new Map(),
  delay: undefined,
  outstanding: 12,
  duplicated: 0,
  broken: [],
}

test('shows the state of the run', () => {
  expect(formatProgress({ ...healthy, failures: new Map([['503', 10]]) })).toBe(
    'sending 12.0 s of 30.0 s: 500/s planned, 499/s sent, sent 6000, accepted 5990, failed 10 (503: 10), ' +
      'dropped 0, in flight 3, p99 12.3 ms, outcomes outstanding 12',
  )
})

test('shows rare figures only if they are not zero', () => {
  const failing: Progress = {
    ...healthy,
    rateFactor: 1.5,
    retries: 4,
    delay: { p50: 1, p90: 2, p99: 1_234, max: 4_000 },
    duplicated: 1,
    broken: ['http_req_failed: rate<0.01', 'lost: count<1'],
  }
  expect(formatProgress(failing)).toBe(
    'sending 12.0 s of 30.0 s: 500/s planned (x1.5), 499/s sent, sent 6000, accepted 5990, failed 0, dropped 0, ' +
      'retries 4, in flight 3, p99 12.3 ms, notified p99 1.23 s, outcomes outstanding 12, duplicated 1, ' +
      'broken: http_req_failed: rate<0.01; lost: count<1',
  )
})

test('leaves out unknown figures', () => {
  const unknown: Progress = {
    ...healthy,
    phase: 'connecting',
    elapsedMs: 0,
    plannedMs: Number.POSITIVE_INFINITY,
    askedRate: undefined,
    duration: undefined,
    outstanding: undefined,
  }
  expect(formatProgress(unknown)).toBe(
    'connecting 0.0 s, no end: 499/s sent, sent 6000, accepted 5990, failed 0, dropped 0, in flight 3',
  )
})

test('names the most frequent failures, always in one line', () => {
  const failures = new Map(Array.from({ length: 100 }, (_, n) => [`fault\n\u001B[31m${n}`, n + 1]))
  const line = formatProgress({ ...healthy, failures })
  expect(line).toMatch(/failed 5050 \(fault {2}\[31m99: 100, .*: 96, and 95 more\), dropped/)
  expect(line).not.toMatch(/\p{Cc}/u)
})
