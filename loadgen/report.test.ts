import { expect, test } from 'vitest'
import type { LoadSummary } from './load-test.ts'
import { failureOf, formatProgress, formatSummary } from './report.ts'

const fast = { p50: 1.234, p95: 5.678, p99: 99.994, max: 123.4 }
const summary: LoadSummary = {
  options: { target: 'http://127.0.0.1:8080', rate: 500, durationMs: 2_000, seed: 7, verify: true },
  sendingMs: 2_000,
  requests: {
    sent: 990,
    accepted: 980,
    failures: new Map([
      ['timeout', 3],
      ['503', 7],
    ]),
    dropped: 10,
    inFlight: 0,
  },
  times: { all: fast, accepted: fast, lateness: fast },
  outcomes: {
    verdict: {
      accepted: 980,
      single: 978,
      missing: 1,
      doubled: 1,
      wrongKind: 0,
      wrongText: 0,
      lookedUp: 2,
      examples: { missing: ['aa'], doubled: ['bb'], wrongKind: [], wrongText: [] },
    },
    stream: { reconnects: 1, gaps: 0, unreadable: 0 },
    delay: { fromPost: fast, fromDue: fast },
  },
}

test('the summary says all there is to know', () => {
  expect(formatSummary(summary)).toMatchInlineSnapshot(`
    "target                http://127.0.0.1:8080
    asked                 500/s for 2.0 s, seed 7
    sent                  990  495.0/s for 2.0 s
    accepted              980
    refused               10  503: 7  timeout: 3
    dropped_iterations    10
    http_req_duration     p50 1.23 ms  p95 5.68 ms  p99 99.99 ms  max 123 ms
      of the accepted     p50 1.23 ms  p95 5.68 ms  p99 99.99 ms  max 123 ms
      sent late by        p50 1.23 ms  p95 5.68 ms  p99 99.99 ms  max 123 ms
    exactly one outcome   978 of 980
      not on the stream   2
      missing             1  such as aa
      doubled             1  such as bb
      wrong kind          0
      wrong text          0
      stream reconnects   1
    POST to notification  p50 1.23 ms  p95 5.68 ms  p99 99.99 ms  max 123 ms
      from the due time   p50 1.23 ms  p95 5.68 ms  p99 99.99 ms  max 123 ms"
  `)
})

test('progress is one line', () => {
  const { requests } = summary
  expect(formatProgress({ phase: 'sending', elapsedMs: 1_500, requests, outstanding: 12 })).toBe(
    'sending 1.5 s: sent 990, accepted 980, refused 10, dropped 10, in flight 0, outcomes outstanding 12',
  )
  expect(formatProgress({ phase: 'sending', elapsedMs: 1_500, requests, outstanding: undefined })).toBe(
    'sending 1.5 s: sent 990, accepted 980, refused 10, dropped 10, in flight 0',
  )
})

const wrong = 'not every accepted checkout came out exactly once and right'
const outcomes = summary.outcomes
const proven = { missing: 0, doubled: 0, wrongKind: 0, wrongText: 0 }

test.each([
  [{ ...proven }, {}, undefined],
  [{ ...proven, missing: 1 }, {}, wrong],
  [{ ...proven, doubled: 1 }, {}, wrong],
  [{ ...proven, wrongKind: 1 }, {}, wrong],
  [{ ...proven, wrongText: 1 }, {}, wrong],
  [{ ...proven, lookedUp: 5 }, { gaps: 1, reconnects: 5 }, undefined],
  [{ ...proven }, { unreadable: 1 }, wrong],
])('%j %j: %s', (verdict, stream, failure) => {
  if (!outcomes) throw new Error('the summary has outcomes')
  const changed = {
    ...outcomes,
    verdict: { ...outcomes.verdict, ...verdict },
    stream: { ...outcomes.stream, ...stream },
  }
  expect(failureOf({ ...summary, outcomes: changed })).toBe(failure)
})
