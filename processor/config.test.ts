import { expect, test } from 'vitest'
import { readSettings } from '../backbone/process/settings.ts'
import { longestClaimMs, processorSettings } from './config.ts'

const read = (zone: string) =>
  readSettings(processorSettings, { KAFKA_BROKERS: 'kafka:9092', TIME_ZONE: zone }).TIME_ZONE

test.each(['America/Santiago', 'Europe/Madrid', 'UTC'])('TIME_ZONE may be %s', (zone) => {
  expect(read(zone)).toBe(zone)
})

test.each(['Santiago', 'America/Santjago', '-03:00'])('TIME_ZONE may not be %s', (zone) => {
  expect(() => read(zone)).toThrow(
    'TIME_ZONE: must be a time zone of the IANA database, such as America/Santiago',
  )
})

test.each([
  [168, 24],
  [10, 5],
  [1, 0.5],
])('with a retention of %i hours, a claim lasts %d hours', (RETENTION_HOURS, hours) => {
  expect(longestClaimMs({ RETENTION_HOURS })).toBe(hours * 3_600_000)
})
