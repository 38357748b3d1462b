import { expect, test } from 'vitest'
import { dataRecord } from '../testing/records.ts'
import { createLogCheck, type DecidedRecord } from './log-truncation.ts'

const record = (offset: number, id = `${offset}@example.org`) => dataRecord(offset, { id })
const READ_TO = 100
const last = record(READ_TO - 1)

/** Every record before `READ_TO` has been decided on, by this owner or, with `decided` null, by others. */
function createCheck(decided: DecidedRecord | null = last) {
  let time = 0
  const check = createLogCheck({ last: () => decided ?? undefined }, () => time)
  return { check, pass: (ms: number) => (time += ms) }
}

test('a batch that begins where the partition was read to is not suspected', () => {
  const { check } = createCheck()
  expect(check([record(READ_TO), record(READ_TO + 1)], READ_TO)).toBeUndefined()
  expect(check([record(READ_TO + 5)], READ_TO)).toBeUndefined()
})

test('after a stale fetch it reads on: the last record that was decided on is still at its offset', () => {
  const { check } = createCheck()
  expect(check([record(0), record(1)], READ_TO)).toEqual({ log: 'unknown', from: READ_TO - 1 })
  // The broker that was frozen answers once more.
  expect(check([record(0), record(1)], READ_TO - 1)).toEqual({ log: 'unknown', from: READ_TO - 1 })
  expect(check([last, record(READ_TO)], READ_TO - 1)).toEqual({ log: 'same', from: READ_TO })
  expect(check([record(READ_TO)], READ_TO)).toBeUndefined()
})

test('records without an outcome do not show another log: retention may have removed it', () => {
  const { check } = createCheck()
  expect(check([record(0), record(1, 'new@example.org')], READ_TO)).toEqual({
    log: 'unknown',
    from: READ_TO - 1,
  })
})

test.each([
  ['another record', record(READ_TO - 1, 'other@example.org')],
  ['the same, stored at another time', { ...last, timestamp: '1' }],
  ['no value', { ...last, value: null }],
  ['a later one', record(READ_TO)],
])('a log that was cut back and grew again is read from its beginning: %s', (_, found) => {
  const { check } = createCheck()
  expect(check([record(3)], READ_TO)).toMatchObject({ log: 'unknown' })
  expect(check([found], READ_TO - 1)).toEqual({ log: 'another', from: 3 })
  expect(check([record(3)], 3)).toBeUndefined()
})

test('a log that stays shorter for longer than fetches are stale was cut back', () => {
  const { check, pass } = createCheck()
  expect(check([record(0)], READ_TO)).toMatchObject({ log: 'unknown' })
  pass(9_999)
  expect(check([record(0)], READ_TO - 1)).toMatchObject({ log: 'unknown' })
  pass(1)
  expect(check([record(0)], READ_TO - 1)).toEqual({ log: 'another', from: 0 })
})

test('each suspicion has its own time', () => {
  const { check, pass } = createCheck()
  expect(check([record(0)], READ_TO)).toMatchObject({ log: 'unknown' })
  expect(check([last], READ_TO - 1)).toMatchObject({ log: 'same' })
  pass(60_000)
  expect(check([record(0)], READ_TO)).toMatchObject({ log: 'unknown' })
})

test('an owner that has decided on nothing yet has no record to fetch again', () => {
  const { check } = createCheck(null)
  expect(check([record(0)], READ_TO)).toEqual({ log: 'another', from: 0 })
})
