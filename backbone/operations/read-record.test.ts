import { expect, test } from 'vitest'
import { readFiguresRecord } from './read-record.ts'
import { gateway } from './testing/simulate.ts'

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
