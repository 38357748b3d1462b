import { describe, expect, test } from 'vitest'
import { dataRecord } from '../../processor/testing/records.ts'
import { createRecordComparison } from './missing-records.ts'

const record = (key: string | null, value: string | null) =>
  dataRecord(0, value, { key: key === null ? null : Buffer.from(key) })

test('records that the copy does not have are counted by their bytes, whatever their offsets are', () => {
  const { stored, arrived, missing } = createRecordComparison(false)
  for (const value of ['one', 'two', 'two', null]) stored(record('a', value))
  stored(record(null, 'one'))
  arrived(record('a', 'two'))
  arrived(record('a', 'another'))
  expect(missing()).toBe(3)
  for (const value of ['one', null]) arrived(record('a', value))
  arrived(record(null, 'one'))
  expect(missing()).toBe(0)
})

test('of a compacted topic the last record of each key counts', () => {
  const { stored, arrived, missing } = createRecordComparison(true)
  for (const value of ['one', 'two']) stored(record('a', value))
  stored(record('b', 'one'))
  arrived(record('a', 'one'))
  arrived(record('b', 'one'))
  expect(missing()).toBe(1)
  arrived(record('a', 'two'))
  expect(missing()).toBe(0)
})

describe('a tombstone of a compacted topic', () => {
  const comparison = () => {
    const comparing = createRecordComparison(true)
    for (const value of ['one', null]) comparing.stored(record('a', value))
    return comparing
  }

  test('is not missing where compaction has removed it with its key', () => {
    expect(comparison().missing()).toBe(0)
  })

  test('is missing while the copy still has a value of the key, until it has arrived', () => {
    const { arrived, missing } = comparison()
    arrived(record('a', 'one'))
    expect(missing()).toBe(1)
    arrived(record('a', null))
    expect(missing()).toBe(0)
  })

  test('has arrived, although the copy has a later value already', () => {
    const { arrived, missing } = comparison()
    for (const value of [null, 'two']) arrived(record('a', value))
    expect(missing()).toBe(0)
  })

  test('does not count before a later value', () => {
    const { stored, arrived, missing } = comparison()
    stored(record('a', 'two'))
    expect(missing()).toBe(1)
    for (const value of ['one', 'two']) arrived(record('a', value))
    expect(missing()).toBe(0)
  })
})
