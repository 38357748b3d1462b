import { expect, test } from 'vitest'
import { headerText } from './headers.ts'

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
