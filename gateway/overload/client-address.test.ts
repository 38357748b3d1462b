import { expect, test } from 'vitest'
import { subscriberOf } from './client-address.ts'

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0DB8:1:2::', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:db8:1:2:ffff::', '2001:db8:1:2'],
  ['::1', '0:0:0:0'],
  ['::', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['192.0.2.7:443', '192.0.2.7'],
  ['[2001:db8::1]', '2001:db8:0:0'],
  ['[2001:db8::1]:443', '2001:db8:0:0'],
])('%s is of %s', (address, subscriber) => {
  expect(subscriberOf(address)).toBe(subscriber)
})

test.each(['', 'unknown', '192.0.2.256', '192.0.2.7:', '[192.0.2.7', '_hidden', 'a'.repeat(10_000)])(
  '%j is not an address',
  (address) => {
    expect(subscriberOf(address)).toBeUndefined()
  },
)
