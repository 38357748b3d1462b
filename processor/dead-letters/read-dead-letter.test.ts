import { expect, test } from 'vitest'
import { sampleCheckout } from '../../backbone/records/sample-checkout.ts'
import { decideOutcome } from '../classify/decide-outcome.ts'
import { builtInMessages } from '../testing/messages.ts'
import { readDeadLetter } from './read-dead-letter.ts'

const data = { topic: 'DataTopic', homes: [6] }
const rules = {
  ...data,
  longestPlausibleMinutes: 10_080,
  messages: builtInMessages,
}
const record = (value: string | Buffer | null, headers = {}, offset = '41') => ({
  key: null,
  value: value === null ? null : Buffer.from(value),
  headers,
  offset,
  timestamp: '1764504000000',
})
const asRead = (value: string | Buffer | null, headers = {}) =>
  readDeadLetter(1, record(value, headers, '7'), data)

test.each([
  ['no value', null, undefined, 'no-value'],
  ['bytes', Buffer.from([0xff, 0xfe]), undefined, 'not-utf-8'],
  ['text', 'not JSON', undefined, 'not-json'],
  [
    'faults',
    JSON.stringify({ ...sampleCheckout, taps: null, folio: null, edad: 131 }),
    undefined,
    'invalid-checkout',
  ],
  [
    'a second body with a header',
    JSON.stringify(sampleCheckout),
    { 'event-id': 'a'.repeat(128) },
    'idempotency-conflict',
  ],
  ['a second body without one', JSON.stringify(sampleCheckout), undefined, 'idempotency-conflict'],
])('has the event id of the outcome of its record: %s', (_, value, headers, reason) => {
  const isConflict = reason === 'idempotency-conflict'
  const another = { canonical: 'another body', source: { partition: 2, offset: 1 } }
  const decided = (eventId: string) => (isConflict && !eventId.includes('conflict') ? another : undefined)
  const { outcome, deadLetter } = decideOutcome(record(value, headers), 2, rules, decided, () => new Date())
  const letter = readDeadLetter(1, { ...record(null, {}, '7'), ...deadLetter }, data)
  expect(letter).toMatchObject({
    id: outcome?.eventId,
    reason,
    facts: { source: { topic: 'DataTopic', partition: 2, offset: 41 } },
  })
})

test('a record of another program is read as it is, by its own place', () => {
  const sources = [
    undefined,
    '',
    'DataTopic/1',
    'Other/1/2',
    'DataTopic/1/x',
    'DataTopic/1/1'.padEnd(300, '1'),
  ]
  const letters = sources.map((source) => asRead('odd \u0000 bytes', source === undefined ? {} : { source }))
  expect(new Set(letters.map(({ id }) => id)).size).toBe(1)
  expect(letters[0]?.id).toMatch(/^[0-9a-f]{32}-p1-o7-dead$/)
  expect(letters[0]).toMatchObject({ reason: 'other', detail: '', size: 11 })
  expect(
    asRead(Buffer.from([0xff]), { reason: Buffer.from([0xff, 0xfe]), owner: 'no owner!' }),
  ).toMatchObject({
    reason: 'other',
    owner: 'anonymous',
    facts: { faults: [] },
  })
})

test('faults are those of a gateway, with misnamed fields', () => {
  const { facts } = asRead(JSON.stringify({ ...sampleCheckout, edad: 131, Folio: 'SRZ-0001' }))
  expect(facts.faults.map(({ pointer, code }) => [pointer, code])).toEqual([
    ['/Folio', 'unknown_field'],
    ['/edad', 'range'],
  ])
})

test('texts that another program made huge are cut: a list has many dead letters', () => {
  const padded = JSON.stringify({ ...sampleCheckout, edad: 131, [`NOMBRE${'_'.repeat(100_000)}`]: 'x' })
  const long = asRead(padded, { reason: `not JSON ${'x'.repeat(100_000)}` })
  expect(long.reason).toBe('not-json')
  expect(JSON.stringify([long.detail, long.facts]).length).toBeLessThan(10_000)
  expect(String(long.value)).toBe(padded)
  expect(asRead('', { reason: 'x'.repeat(2_000) }).detail).toHaveLength(2_000)
  expect(asRead('', { reason: `${'x'.repeat(1_999)}🦆` }).detail).toBe(`${'x'.repeat(1_999)}\ufffd…`)
})
