import { expect, test } from 'vitest'
import { createQueuePlaces } from './queue-ticket.ts'

const NOW = 1_764_504_000_000
const SECRET = 'what all gateways share'
const holder = { owner: 'web', idempotencyKey: 'order-7' }
const places = (now = NOW, secret: string | undefined = SECRET) =>
  createQueuePlaces({ secret, now: () => now })

test('a place holds at every gateway with the same secret, for an hour', () => {
  const place = places().give(NOW, holder)
  expect(place).toMatch(/^1764504000000\.[\w-]{43}$/)
  expect(places(NOW + 1).since(place, holder)).toBe(NOW)
  expect(places(NOW + 3_600_000).since(place, holder)).toBe(NOW)
  expect(places(NOW + 3_600_001).since(place, holder)).toBeUndefined()
})

test('it is nobody else’s', () => {
  const place = places().give(NOW, holder)
  expect(places().since(place, { ...holder, owner: 'app' })).toBeUndefined()
  expect(places().since(place, { ...holder, idempotencyKey: 'order-8' })).toBeUndefined()
  expect(places().since(place, { ...holder, customer: 'c'.repeat(24) })).toBeUndefined()
  const ofCustomer = { ...holder, customer: 'c'.repeat(24) }
  expect(places().since(places().give(NOW, ofCustomer), ofCustomer)).toBe(NOW)
  expect(
    places().since(places().give(NOW, ofCustomer), { ...holder, customer: 'd'.repeat(24) }),
  ).toBeUndefined()
})

test.each([
  ['an earlier time', (place: string) => place.replace('1764504000000', '1764503999999')],
  ['another signature', (place: string) => `${place.slice(0, -3)}AAA`],
  ['a signature that is cut', (place: string) => place.slice(0, -1)],
  ['no signature', (place: string) => place.split('.')[0] ?? ''],
  ['nothing', () => ''],
  ['a long text', (place: string) => place.repeat(1_000)],
  ['another secret', () => places(NOW, 'another secret').give(NOW, holder)],
  ['a process that has ended', () => createQueuePlaces({ now: () => NOW }).give(NOW, holder)],
  ['a time to come', () => places(NOW + 10_000).give(NOW + 10_000, holder)],
])('%s is no place', (_, forge) => {
  expect(places().since(forge(places().give(NOW, holder)), holder)).toBeUndefined()
})

test('without a secret it holds in this process', () => {
  const own = createQueuePlaces({ now: () => NOW })
  expect(own.since(own.give(NOW, holder), holder)).toBe(NOW)
})
