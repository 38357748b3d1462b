import { expect, test } from 'vitest'
import { dataRecord } from '../../processor/testing/records.ts'
import { personalLines } from '../../test/personal-data.ts'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { createEventComparison, formatMissing } from './missing-events.ts'

const NOON = Date.UTC(2026, 10, 30, 12)
const event = (offset: number, eventId: string, ms: number) =>
  dataRecord(offset, boughtQuickly, {
    headers: { 'event-id': eventId, 'received-at': new Date(NOON + ms).toISOString() },
  })

test('events that the other site does not have are counted by partition and listed by time, without personal data', () => {
  const { accepted, arrived, missing } = createEventComparison([6])
  accepted(1, event(3, 'c', 30))
  for (const [offset, eventId] of ['a', 'b', 'b', 'd'].entries()) accepted(0, event(offset, eventId, offset))
  accepted(5, dataRecord(9, didNotBuy, { timestamp: String(NOON) }))
  accepted(2, dataRecord(4, 'no JSON', { timestamp: String(NOON + 5) }))
  // Other offsets, and written again there.
  arrived(0, event(7, 'a', 0))
  arrived(0, event(8, 'a', 900))
  arrived(0, event(9, 'new there', 900))

  const lines = formatMissing(missing(), 6)
  expect(lines).toEqual([
    'missing: 5',
    'partition 0 (purchase): 2',
    'partition 1 (purchase): 1',
    'partition 2 (purchase): 1',
    'partition 5 (browse): 1',
    expect.stringMatching(/^[0-9a-f]{32}(?:-p5)? 2026-11-30T12:00:00.000Z 5$/),
    'b 2026-11-30T12:00:00.001Z 0',
    'd 2026-11-30T12:00:00.003Z 0',
    expect.stringMatching(/^invalid [0-9a-f]{64} 2026-11-30T12:00:00.005Z 2$/),
    'c 2026-11-30T12:00:00.030Z 1',
  ])
  expect(personalLines(lines.join('\n'))).toEqual([])
})

test('nothing is missing when the other site has all of it', () => {
  const { accepted, arrived, missing } = createEventComparison([6])
  const records = [event(0, 'a', 0), dataRecord(1, boughtQuickly), dataRecord(2, 'no JSON')]
  for (const record of records) accepted(0, record)
  for (const record of records) arrived(0, record)
  expect(formatMissing(missing(), 6)).toEqual(['missing: 0'])
})

test('lanes, and ids of records without one, are those of the layout in force', () => {
  const { accepted, missing } = createEventComparison([6, 9])
  // The homes of these customers since there are 9. Of 6 partitions, 5 was one of visits.
  accepted(5, dataRecord(1, boughtQuickly))
  accepted(8, dataRecord(1, didNotBuy))
  expect(formatMissing(missing(), 9)).toEqual([
    'missing: 2',
    'partition 5 (purchase): 1',
    'partition 8 (browse): 1',
    expect.stringMatching(/^[0-9a-f]{32} \S+ 5$/),
    expect.stringMatching(/^[0-9a-f]{32} \S+ 8$/),
  ])
})
