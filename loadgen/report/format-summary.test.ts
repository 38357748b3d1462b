import { expect, test } from 'vitest'
import type { Outcomes } from '../run-result.ts'
import { formatSummary } from './format-summary.ts'
import { testResult, testSlice } from './test-result.ts'

const outcomes: Outcomes = {
  accepted: 5,
  single: 2,
  lost: 1,
  unknown: 1,
  duplicated: 1,
  wrongKind: 0,
  wrongText: 0,
  lookedUp: 2,
  examples: { lost: ['aa'], duplicated: ['bb'], wrongKind: [], wrongText: [] },
  stream: { reconnects: 1, gaps: 0, unreadable: 0 },
}

test('the summary has all figures', () => {
  const result = testResult({
    outcomes,
    tags: { release: '1.2' },
    endedEarly: 'interrupted',
    rateChanges: [{ at: 3, factor: 1.1 }],
    unanswered: 2,
    failures: { timeout: 3, '503': 7 },
    thresholds: [
      { metric: 'http_req_duration', expression: 'p(99)<250', ok: false, actual: 1_000 },
      { metric: 'http_req_duration', expression: 'avg<50 over 5s', ok: false, actual: 77.77, at: 9.2 },
      { metric: 'http_req_failed', expression: 'rate<0.1', ok: true, actual: 0 },
      { metric: 'lost', expression: 'count==0', ok: false, actual: undefined },
    ],
    stages: [testSlice('1: 5s at 10/s', [1, 2], 5), testSlice('2: 5s 10 → 20/s', [3], 5)],
    lanes: [testSlice('purchase', [1, 2, 3], 10), testSlice('browse', [], 10)],
  })
  expect(formatSummary(result)).toMatchInlineSnapshot(`
    "  cyberday → gateway:3000, 10.0 s, seed 7
      release=1.2
      ended early: interrupted
      rate changed manually 1 times, x1.1 at the end

      █ THRESHOLDS

        http_req_duration
        ✗ 'p(99)<250' p(99)=1.00 s
        ✗ 'avg<50 over 5s' avg=77.8 ms in the window that ended at 9 s

        http_req_failed
        ✓ 'rate<0.1' rate=0

        lost
        ✗ 'count==0' no samples

      █ TOTAL RESULTS

        CHECKOUTS
        accepted.......................: 5  0.5/s
        exactly one outcome............: 2 of 5
        lost...........................: 1  such as aa
        unknown........................: 1
        duplicated.....................: 1  such as bb
        wrong kind.....................: 0
        wrong text.....................: 0
        not on the stream..............: 2
        stream reconnects..............: 1
        notification_delay.............: avg=618ms   min=6.00ms  med=24.0ms  max=3.00s   p(90)=3.00s   p(95)=3.00s   p(99)=3.00s
        notification_delay_from_post...: no samples

        HTTP
        http_req_duration..............: avg=206ms   min=2.00ms  med=8.00ms  max=1.00s   p(90)=1.00s   p(95)=1.00s   p(99)=1.00s
        http_req_service_time..........: avg=103ms   min=1.00ms  med=4.00ms  max=500ms   p(90)=500ms   p(95)=500ms   p(99)=500ms
        http_req_failed................: 0.00%  0 out of 5
        http_reqs......................: 5  0.5/s

        EXECUTION
        iteration_duration.............: no samples
        iterations.....................: 0  0/s
        dropped_iterations.............: 0  0/s
        retries........................: 0  0/s
        resent.........................: 0  0/s
        send_delay.....................: no samples

        NETWORK
        data_received..................: 0 B  0 B/s
        data_sent......................: 0 B  0 B/s
        not answered yet...............: 2

      █ FAILURES

        503............................: 7
        timeout........................: 3

      █ LANES

                    requests     rate   failed               med    p(95)    p(99)      max  notified p(99)
        purchase           3    0.3/s    0.00%           2.00 ms  3.00 ms  3.00 ms  3.00 ms
        browse             0      0/s    0.00%

      █ STAGES

                           requests     rate   failed  dropped      med    p(95)    p(99)      max  notified p(99)
        1: 5s at 10/s             2    0.4/s    0.00%        0  1.00 ms  2.00 ms  2.00 ms  2.00 ms
        2: 5s 10 → 20/s           1    0.2/s    0.00%        0  3.00 ms  3.00 ms  3.00 ms  3.00 ms"
  `)
})

test('missing figures are left out', () => {
  const summary = formatSummary(testResult({ outcomes: undefined }))
  for (const word of [
    'THRESHOLDS',
    'FAILURES',
    'STAGES',
    'SCENARIOS',
    'BREAKPOINT',
    'exactly one',
    'ended early',
  ]) {
    expect(summary).not.toContain(word)
  }
})

test('a breakpoint is the highest rate that passed and the thresholds that broke', () => {
  const last = (breakpoint: ReturnType<typeof testResult>['load']['breakpoint']) =>
    formatSummary(testResult({ breakpoint })).split('\n').slice(-2)
  expect(last({ held: 800, broken: { rate: 1_000, thresholds: ['http_req_duration p(99)<500'] } })).toEqual([
    '    highest rate that passed: 800/s',
    '    broken at 1000/s: http_req_duration p(99)<500',
  ])
  expect(last({ held: undefined, broken: undefined })).toEqual([
    '    highest rate that passed: none',
    '    no threshold broke: raise the rates',
  ])
})
