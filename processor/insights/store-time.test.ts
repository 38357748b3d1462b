import { expect, test } from 'vitest'
import { createStoreTime } from './store-time.ts'

test.each([
  ['America/Santiago', '2026-11-30T00:10:00Z', 21, '21:10'],
  // Winter time until 5 September 2026.
  ['America/Santiago', '2026-09-06T03:59:00Z', 23, '23:59'],
  ['America/Santiago', '2026-09-06T04:00:00Z', 1, '01:00'],
  ['Asia/Kathmandu', '2026-11-30T00:10:00Z', 5, '05:55'],
  ['UTC', '2026-11-30T00:10:00Z', 0, '00:10'],
])('in %s at %s', (zone, at, hour, clock) => {
  const time = createStoreTime(zone)
  expect(time.hourOf(Date.parse(at))).toBe(hour)
  expect(time.clock(Date.parse(at))).toBe(clock)
})

test('days change at midnight of the store', () => {
  const time = createStoreTime('America/Santiago')
  const day = (at: string) => time.dayOf(Date.parse(at))
  expect(day('2026-11-30T02:59:59Z')).toBe(day('2026-11-29T12:00:00Z'))
  expect(day('2026-11-30T03:00:00Z')).toBe(day('2026-11-29T12:00:00Z') + 1)
})
