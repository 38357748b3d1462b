import { expect, test } from 'vitest'
import { homePartition } from '../../backbone/records/partition.ts'
import type { RecordHeaders } from '../../backbone/records/record.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { builtInMessages } from '../testing/messages.ts'
import { dataRecord } from '../testing/records.ts'
import { type DecidedEvent, decideOutcome } from './decide-outcome.ts'

// Customers were spread over 6 partitions, then over 9, and now over 12.
const homes = [6, 9, 12]
const rules = { topic: 'DataTopic', homes, longestPlausibleMinutes: 10_080, messages: builtInMessages }
const homesOf = (customer: string) => homes.map((count) => homePartition(customer, 'purchase', count))
const moved = Array.from({ length: 100 }, (_, n) => n.toString(16).padStart(24, '0')).find(
  (customer) => new Set(homesOf(customer)).size === homes.length,
)
const checkout = { ...boughtQuickly, id: moved ?? '' }
const [first = -1, , now = -1] = homesOf(checkout.id)
const elsewhere = 11

function decide(
  partition: number,
  headers: RecordHeaders | undefined,
  known: Record<string, DecidedEvent> = {},
  value: object = checkout,
) {
  const record = dataRecord(7, value, headers ? { headers } : {})
  return {
    record,
    ...decideOutcome(
      record,
      partition,
      rules,
      (id) => known[id],
      () => new Date(0),
    ),
  }
}
const withId = { 'event-id': 'e' }
const canonical = JSON.stringify(checkout)
const before = { canonical, source: { partition: first, offset: 3 } }

test('a record at a former home is forwarded to the home of its customer, without an outcome', () => {
  const { record, ...decision } = decide(first, withId)
  expect(decision).toEqual({ offset: 7, owner: 'anonymous', forward: { to: now, record } })
})

test('a repetition of what a former home has decided is none of the new one, and not forwarded', () => {
  expect(decide(now, withId, { e: before })).not.toHaveProperty('outcome')
  expect(decide(first, withId, { e: before })).not.toHaveProperty('forward')
})

test('another body with a known id is a conflict where it is: each copy of it would have another offset', () => {
  const other = { ...checkout, productovisto: 'Otro producto' }
  for (const partition of [first, now])
    expect(decide(partition, withId, { e: before }, other)).toMatchObject({
      outcome: { eventId: 'e-conflict-7' },
    })
})

test('a record at its home, and one that was never at home, are decided on where they are', () => {
  for (const partition of [now, elsewhere])
    expect(decide(partition, withId)).toMatchObject({ outcome: { eventId: 'e', source: { partition } } })
})

test('a dead letter that was sent again stays where it is, whoever its customer is', () => {
  const headers = {
    ...withId,
    'redrive-of': 'letter',
    'redrive-by': 'key',
    'redrive-at': new Date(0).toISOString(),
  }
  expect(decide(first, headers)).toMatchObject({ outcome: { eventId: 'e' } })
})

test('a record without an event id stays, and has another id than at home, unless it was decided on before', () => {
  const { outcome } = decide(now, undefined)
  const id = outcome?.eventId ?? ''
  expect(decide(first, undefined)).toMatchObject({ outcome: { eventId: `${id}-p${first}` } })
  expect(decide(first, undefined, { [id]: before })).not.toHaveProperty('outcome')
})

test('a record without an event id that was decided on outside its home is the same event once it is at home', () => {
  const id = decide(now, undefined).outcome?.eventId ?? ''
  const outside = { canonical, source: { partition: now, offset: 3 } }
  expect(decide(now, undefined, { [`${id}-p${now}`]: outside })).not.toHaveProperty('outcome')
  // What was decided on elsewhere, or is another body, is none of it.
  const elsewhereToo = { [`${id}-p${elsewhere}`]: { canonical, source: { partition: elsewhere, offset: 3 } } }
  expect(decide(now, undefined, elsewhereToo)).toMatchObject({ outcome: { eventId: id } })
})
