import { expect, test } from 'vitest'
import { gateway } from '../operations/testing/simulate.ts'
import { readFiguresRecord } from './read-record.ts'

const bytes = (record: object) => Buffer.from(JSON.stringify(record))

test('figures of a gateway that does not report unanswered checkouts yet are read', () => {
  const figures = gateway('gateway-1')
  const { unanswered, ...ofEarlierVersion } = figures.gateway ?? {}
  expect(unanswered).toBeDefined()
  const read = readFiguresRecord(bytes({ ...figures, gateway: ofEarlierVersion }))
  expect(read).toMatchObject({ gateway: { inFlight: 0, unanswered: { checkouts: 0, oldestMs: 0 } } })
})

test.each([
  ['a tombstone', null],
  ['no JSON', Buffer.from('{')],
  ['another record', bytes({ is: 'checkout' })],
])('%s is no record of figures', (_, value) => {
  expect(readFiguresRecord(value)).toBeUndefined()
})

const event = (code: string, details: object) =>
  bytes({ is: 'event', member: 'processor-1', run: 'r', number: 0, at: 0, code, details })

test('an event keeps the details that a later version adds', () => {
  const details = { seconds: 9, machine: 'a', cores: 2 }
  expect(readFiguresRecord(event('paused', details))).toMatchObject({ code: 'paused', details })
  expect(readFiguresRecord(event('started', {}))).toMatchObject({ code: 'started' })
})

test('an event without a detail of its sentence is no record, nor one of an unknown code', () => {
  expect(readFiguresRecord(event('paused', {}))).toBeUndefined()
  expect(readFiguresRecord(event('disk-full', { seconds: 9 }))).toBeUndefined()
})
