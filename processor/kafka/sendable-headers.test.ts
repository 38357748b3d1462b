import { expect, test } from 'vitest'
import type { RecordHeaders } from '../../backbone/records/record.ts'
import { sendableHeaders } from './sendable-headers.ts'

test('null values become empty ones, and inherited members of the same name are left out', () => {
  // As kafkajs reads them: null values as they are, and of a header named `constructor` the inherited member, too.
  const headers = {
    plain: Buffer.from('a'),
    twice: [Buffer.from('b'), Buffer.from('c')],
    empty: null,
    constructor: [Object, Buffer.from('d')],
  } as unknown as RecordHeaders
  expect(sendableHeaders(headers)).toEqual({
    plain: Buffer.from('a'),
    twice: [Buffer.from('b'), Buffer.from('c')],
    empty: Buffer.alloc(0),
    constructor: [Buffer.from('d')],
  })
})

test('headers that can be sent are not copied', () => {
  const headers = { text: 'a', bytes: Buffer.from('b') }
  expect(sendableHeaders(headers)).toBe(headers)
})
