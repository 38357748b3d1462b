import { afterAll, expect, test, vi } from 'vitest'

vi.stubGlobal('document', { documentElement: { lang: 'en' } })
const {
  bytes,
  count,
  duration,
  elapsed,
  milliseconds,
  oneDecimal,
  preciseShare,
  rate,
  share,
  UNKNOWN,
  zonedTime,
} = await import('./format.ts')
afterAll(() => vi.unstubAllGlobals())

test.each([
  [duration, 0, '0 s'],
  [duration, 0.4, '0 s'],
  [duration, 59.6, '1 min'],
  [duration, 200, '3 min 20 s'],
  [duration, 3_600, '1 h'],
  [duration, 3_601, '1 h'],
  [duration, 7_500, '2 h 5 min'],
  [duration, 273_600, '3 d 4 h'],
  [milliseconds, 0.42, '0.4 ms'],
  [milliseconds, 9.94, '9.9 ms'],
  [milliseconds, 9.96, '10 ms'],
  [milliseconds, 999.4, '999 ms'],
  [milliseconds, 999.6, '1.0 s'],
  [milliseconds, 12_345, '12.3 s'],
  [rate, 0, '0'],
  [rate, 0.04, '0.0'],
  [rate, 9.94, '9.9'],
  [rate, 9.96, '10'],
  [rate, 12_345.6, '12,346'],
  [count, 1_234, '1,234'],
  [elapsed, 42, '42 ms'],
  [elapsed, 59_900, '59.9 s'],
  [elapsed, 200_000, '3 min 20 s'],
  [bytes, 312 * 1024 ** 2, '312 MiB'],
  [bytes, 1.5 * 1024 ** 3, '1.5 GiB'],
  [share, 0.345, '35 %'],
  [oneDecimal, 31, '31.0'],
  [preciseShare, 0.1234, '12.3 %'],
])('%o of %d is %s', (write, value, text) => {
  expect(write(value)).toBe(text)
})

test('what is unknown is not 0', () => {
  for (const write of [duration, milliseconds, rate, count, bytes, share])
    for (const value of [null, undefined]) expect(write(value)).toBe(UNKNOWN)
})

test('a time is that of the zone that is asked for', () => {
  expect(zonedTime(Date.parse('2026-11-30T00:10:00Z'), 'America/Santiago')).toBe('Nov 29, 21:10')
})
