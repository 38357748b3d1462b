import { expect, test } from 'vitest'
import { parseRecord, separators } from './parse-record.ts'

const printed = (...fields: string[]) => Buffer.from(fields.join(separators.field))
const headers = (...all: string[]) => all.join(separators.header)

test('a record is read completely, for any texts', () => {
  const bytes = printed(
    'LogAppendTime:1795624103160',
    'Partition:3',
    'Offset:17',
    headers('reason:/edad a, b: c', 'event-id:e1', 'claim:'),
    'clé',
    'one\ttwo\nthree: "ñ"',
  )
  expect(parseRecord(bytes)).toEqual({
    timestamp: 1795624103160,
    partition: 3,
    offset: 17,
    headers: new Map([
      ['reason', '/edad a, b: c'],
      ['event-id', 'e1'],
      ['claim', ''],
    ]),
    key: 'clé',
    value: 'one\ttwo\nthree: "ñ"',
  })
})

test('one without headers, key and value is read', () => {
  const record = parseRecord(printed('CreateTime:0', 'Partition:0', 'Offset:0', 'NO_HEADERS', 'null', 'null'))
  expect(record).toEqual({
    timestamp: 0,
    partition: 0,
    offset: 0,
    headers: new Map(),
    key: 'null',
    value: 'null',
  })
})

test('anything else is no record', () => {
  expect(parseRecord(Buffer.from('ERROR: it went wrong'))).toBeUndefined()
  expect(
    parseRecord(printed('NO_TIMESTAMP', 'Partition:0', 'Offset:0', 'NO_HEADERS', 'k', 'v')),
  ).toBeUndefined()
})
