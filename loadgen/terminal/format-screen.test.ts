import { stripVTControlCharacters, styleText } from 'node:util'
import { expect, test } from 'vitest'
import type { Progress } from '../progress.ts'
import { formatScreen } from './format-screen.ts'

const healthy: Progress = {
  name: 'cyberday-peak',
  target: 'http://127.0.0.1:8080',
  phase: 'sending',
  elapsedMs: 75_000,
  plannedMs: 300_000,
  askedRate: 500,
  canChangeRate: true,
  rateFactor: 1,
  sentRate: 499.2,
  sent: 37_501,
  accepted: 37_490,
  dropped: 0,
  retries: 0,
  inFlight: 3,
  duration: { p50: 4.2, p90: 8.04, p99: 12.34, max: 1_040 },
  recentP99: [10, 20, undefined, 40, 80, 5],
  failures: new Map(),
  delay: { p50: 12.3, p90: 30, p99: 45.6, max: 80 },
  outstanding: 12,
  duplicated: 0,
  broken: [],
}

const failing: Progress = {
  ...healthy,
  plannedMs: Number.POSITIVE_INFINITY,
  rateFactor: 1.1 ** 3,
  dropped: 7,
  retries: 4,
  failures: new Map([
    ['timeout', 12],
    ['503', 1_234],
    ['429', 3],
    ['connection refused', 2],
    ['500', 1],
  ]),
  duplicated: 2,
  broken: ['http_req_duration{lane:purchase}: p(99)<250 over 10s', 'http_req_failed: rate<0.01'],
}

const empty: Progress = {
  ...healthy,
  phase: 'connecting',
  elapsedMs: 0,
  plannedMs: 0,
  askedRate: undefined,
  canChangeRate: false,
  duration: undefined,
  recentP99: [],
  delay: undefined,
  outstanding: undefined,
}

const HUGE = Number.MAX_SAFE_INTEGER
const huge: Progress = {
  ...failing,
  name: 'a long name '.repeat(20),
  phase: 'waiting for outcomes',
  elapsedMs: 1e12,
  plannedMs: 2e12,
  askedRate: HUGE,
  canChangeRate: false,
  sentRate: HUGE,
  sent: HUGE,
  accepted: HUGE,
  dropped: HUGE,
  retries: HUGE,
  inFlight: HUGE,
  duration: { p50: HUGE, p90: HUGE, p99: HUGE, max: HUGE },
  recentP99: Array.from({ length: 500 }, (_, n) => n),
  failures: new Map(Array.from({ length: 300 }, (_, n) => [`fault ${n}`, HUGE / 300])),
  outstanding: HUGE,
  broken: Array.from({ length: 50 }, (_, n) => `${'http_req_duration'.repeat(20)}: p(99)<${n}`),
}

const plain = (progress: Progress, columns: number) =>
  stripVTControlCharacters(formatScreen(progress, columns))

test('a healthy run, 80 columns', () => {
  expect(plain(healthy, 80)).toMatchInlineSnapshot(`
    "cyberday-peak   http://127.0.0.1:8080
    sending    ━━━━━━━━━━━───────────────────────────────────  1 m 15 s of 5 m 00 s

    rate       planned 500/s    sent 499/s
    requests   sent 37,501      in flight 3      retries 0
    checkouts  accepted 37,490  dropped 0
    latency    p50 4.20 ms      p90 8.04 ms      p99 12.3 ms      max 1.04 s
    recent p99 max 80.0 ms      ▁▂ ▄█▁
    failures   0
    notified   p50 12.3 ms      p99 45.6 ms
    outcomes   outstanding 12   duplicated 0
    thresholds none broken

    + faster   - slower   0 as planned   q stop"
  `)
})

test('a failing run without an end, 60 columns', () => {
  expect(plain(failing, 60)).toMatchInlineSnapshot(`
    "cyberday-peak   http://127.0.0.1:8080
    sending    1 m 15 s, no end

    rate       planned 500/s ×1.33     sent 499/s
    requests   sent 37,501 in flight 3 retries 4
    checkouts  accepted 37,490         dropped 7
    latency    p50 4.20 ms p90 8.04 ms p99 12.3 ms max 1.04 s
    recent p99 max 80.0 ms ▁▂ ▄█▁
    failures   1,252       503: 1,234   timeout: 12   and 3 more
    notified   p50 12.3 ms p99 45.6 ms
    outcomes   outstanding 12          duplicated 2
    thresholds ✗ http_req_duration{lane:purchase}: p(99)<250 ov…
               ✗ http_req_failed: rate<0.01

    + faster   - slower   0 as planned   q stop"
  `)
})

test('a failing run without an end, 200 columns', () => {
  expect(plain(failing, 200)).toMatchInlineSnapshot(`
    "cyberday-peak   http://127.0.0.1:8080
    sending    1 m 15 s, no end

    rate       planned 500/s ×1.33 sent 499/s
    requests   sent 37,501         in flight 3         retries 4
    checkouts  accepted 37,490     dropped 7
    latency    p50 4.20 ms         p90 8.04 ms         p99 12.3 ms         max 1.04 s
    recent p99 max 80.0 ms         ▁▂ ▄█▁
    failures   1,252               503: 1,234   timeout: 12   429: 3   connection refused: 2   500: 1
    notified   p50 12.3 ms         p99 45.6 ms
    outcomes   outstanding 12      duplicated 2
    thresholds ✗ http_req_duration{lane:purchase}: p(99)<250 over 10s
               ✗ http_req_failed: rate<0.01

    + faster   - slower   0 as planned   q stop"
  `)
})

test('a run that has not begun and does not follow outcomes', () => {
  expect(plain(empty, 80)).toMatchInlineSnapshot(`
    "cyberday-peak   http://127.0.0.1:8080
    connecting ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  0.0 s of 0.0 s

    rate       sent 499/s
    requests   sent 37,501      in flight 3      retries 0
    checkouts  accepted 37,490  dropped 0
    latency    –
    recent p99 –
    failures   0
    thresholds none broken

    q stop"
  `)
})

test('an endless list of faults in huge numbers, 60 columns', () => {
  expect(plain(huge, 60)).toMatchInlineSnapshot(`
    "a long name a long name a long name a long name a long name…
    waiting for outcomes ━━━───  11,574 d 01 h of 23,148 d 03 h

    rate       planned 9007199254740991/s ×1.33
               sent 9007199254740991/s
    requests   sent 9,007,199,254,740,991
               in flight 9,007,199,254,740,991
               retries 9,007,199,254,740,991
    checkouts  accepted 9,007,199,254,740,991
               dropped 9,007,199,254,740,991
    latency    p50 9007199254741 s     p90 9007199254741 s
               p99 9007199254741 s     max 9007199254741 s
    recent p99 max 499 ms  █████████████████████████████████████
    failures   9,007,199,254,740,957 fault 0: 30,023,997,515,80…
    notified   p50 12.3 ms p99 45.6 ms
    outcomes   outstanding 9,007,199,254,740,991   duplicated 2
    thresholds ✗ http_req_durationhttp_req_durationhttp_req_dur…
               ✗ http_req_durationhttp_req_durationhttp_req_dur…
               ✗ http_req_durationhttp_req_durationhttp_req_dur…
                 and 47 more

    q stop"
  `)
})

test.each(Object.entries({ healthy, failing, empty, huge }))('%s: no line is too long', (_, progress) => {
  for (let columns = 20; columns <= 240; columns++) {
    const tooLong = plain(progress, columns)
      .split('\n')
      .filter((line) => line.length > columns)
    expect(tooLong, `${columns} columns`).toEqual([])
  }
})

test('the rate keys are offered only while they have an effect', () => {
  const offered = (progress: Progress) => plain(progress, 80).split('\n').at(-1)
  expect(offered(healthy)).toBe('+ faster   - slower   0 as planned   q stop')
  expect(offered({ ...healthy, canChangeRate: false })).toBe('q stop')
})

test('broken thresholds are red', () => {
  const red = styleText('red', '✗ http_req_failed: rate<0.01', { validateStream: false })
  expect(formatScreen(failing, 80)).toContain(red)
})

test('the sparkline keeps the newest seconds', () => {
  const recentP99 = [...Array.from({ length: 200 }, () => 8), 1, 2, 3]
  const line = plain({ ...healthy, recentP99 }, 80)
    .split('\n')
    .find((text) => text.startsWith('recent p99'))
  expect(line).toMatch(/ max 8\.00 ms +█+▁▂▃$/)
})

test('names from outside cannot write to the terminal', () => {
  const screen = plain({ ...healthy, name: 'a\nb\u001B[2J\rc', broken: ['x\ny'] }, 80)
  expect(screen.split('\n')).toHaveLength(plain(healthy, 80).split('\n').length)
  expect(formatScreen({ ...healthy, name: '\u001B[2J' }, 80)).not.toContain('\u001B[2J')
})
