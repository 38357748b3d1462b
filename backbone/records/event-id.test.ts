import { expect, test } from 'vitest'
import { EVENT_ID, eventIdOfBody, eventIdOfInvalid, eventIdOfKey, type IdempotencyScope } from './event-id.ts'

const scope: IdempotencyScope = {
  owner: 'storefront',
  key: '8e03978e-40d5-43dd-bc93-6894a57f9324',
  customer: '062292fd7b7e3e688f29418e',
  lane: 'purchase',
}

// printf '["storefront","8e03978e-40d5-43dd-bc93-6894a57f9324","062292fd7b7e3e688f29418e","purchase"]' | sha256sum
test('the id of a key is the same on every instance and in every version', () => {
  expect(eventIdOfKey(scope)).toBe('8fffad95dd758453bf5cf87d6be1d04c')
})

test.each<Partial<IdempotencyScope>>([
  { owner: 'kiosk' },
  { key: '8e03978e-40d5-43dd-bc93-6894a57f9325' },
  { customer: '6b28427ff85faa10eb5321dc' },
  { lane: 'browse' },
])('another scope is another event: %o', (other) => {
  expect(eventIdOfKey({ ...scope, ...other })).not.toBe(eventIdOfKey(scope))
})

test('the end of a field cannot be confused with the start of the next', () => {
  const ids = [
    eventIdOfKey({ ...scope, owner: 'a', key: 'bc' }),
    eventIdOfKey({ ...scope, owner: 'ab', key: 'c' }),
    eventIdOfKey({ ...scope, owner: 'a","b', key: 'c' }),
    eventIdOfKey({ ...scope, owner: 'a', key: 'b","c' }),
  ]
  expect(new Set(ids).size).toBe(ids.length)
})

// printf '{"taps":17.8}' | sha256sum
test('the id of a body is a hash of its bytes', () => {
  expect(eventIdOfBody('{"taps":17.8}')).toBe('b207dabb8ac0e60e077c58c47ff769aa')
  expect(eventIdOfBody('{"taps":17.9}')).not.toBe(eventIdOfBody('{"taps":17.8}'))
})

test('equal garbage at two offsets is two events', () => {
  const garbage = Buffer.from([0xff, 0x00])
  const ids = [
    eventIdOfInvalid(garbage, 0, 7),
    eventIdOfInvalid(garbage, 0, 8),
    eventIdOfInvalid(garbage, 1, 7),
    eventIdOfInvalid(Buffer.alloc(0), 0, 7),
  ]
  expect(new Set(ids).size).toBe(ids.length)
})

test('every generated id is valid in the header', () => {
  const largest = eventIdOfInvalid(Buffer.alloc(0), 999, Number.MAX_SAFE_INTEGER)
  for (const id of [eventIdOfKey(scope), eventIdOfBody('{}'), largest, `${largest}-conflict-${2 ** 53}`]) {
    expect(id).toMatch(EVENT_ID)
  }
})

test.each(['', 'a b', 'a/b', 'é', 'a\n', 'a\r', 'a'.repeat(129)])('%j may not stand in the header', (id) => {
  expect(id).not.toMatch(EVENT_ID)
})
