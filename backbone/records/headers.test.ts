import { expect, test } from 'vitest'
import { header, headerText, receiptOf, receivedBy } from './headers.ts'

test.each([
  ['bytes', Buffer.from('señal'), 'señal'],
  ['text', 'señal', 'señal'],
  ['the first of several', [Buffer.from('one'), 'two'], 'one'],
  ['nothing', Buffer.alloc(0), ''],
  ['none of several', [], undefined],
  ['no value', undefined, undefined],
])('a header of %s', (_, value, text) => {
  expect(headerText({ 'event-id': value }, 'event-id')).toBe(text)
})

test('a missing header, and a record without headers', () => {
  expect(headerText({}, 'event-id')).toBeUndefined()
  expect(headerText(undefined, 'event-id')).toBeUndefined()
})

test.each([
  { gateway: 'gateway-1', requestId: 'abc' },
  { gateway: 'the gateway of Ñuñoa', requestId: 'req#1:2' },
])('a receipt is read as it was written: %j', (receipt) => {
  expect(receiptOf({ [header.receivedBy]: Buffer.from(receivedBy(receipt)) })).toEqual(receipt)
})

test('a record of another program has no receipt', () => {
  expect(receiptOf(undefined)).toBeUndefined()
  expect(receiptOf({ [header.receivedBy]: 'without-a-request' })).toBeUndefined()
  const longest = { gateway: 'g'.repeat(256), requestId: 'r'.repeat(128) }
  expect(receiptOf({ [header.receivedBy]: receivedBy(longest) })).toEqual(longest)
  expect(receiptOf({ [header.receivedBy]: `g${receivedBy(longest)}` })).toBeUndefined()
})
