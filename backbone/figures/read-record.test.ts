import { expect, test } from 'vitest'
import { readFiguresRecord } from './read-record.ts'

const read = (code: string, details: object) => {
  const event = { is: 'event', member: 'processor-1', run: 'r', number: 0, at: 0, code, details }
  return readFiguresRecord(Buffer.from(JSON.stringify(event)))
}

test('an event keeps the details that a later version adds', () => {
  const details = { seconds: 9, machine: 'a', cores: 2 }
  expect(read('paused', details)).toMatchObject({ code: 'paused', details })
})

test('an event without a detail of its sentence is no record, nor one of an unknown code', () => {
  expect(read('paused', {})).toBeUndefined()
  expect(read('disk-full', { seconds: 9 })).toBeUndefined()
  expect(read('started', {})).toMatchObject({ code: 'started' })
})
