import { describe, expect, test } from 'vitest'
import { splitIntoTransactions } from './commit-outcomes.ts'
import { createTestRandom } from './test-random.ts'
import { dataRecord } from './test-records.ts'

const MAX_BATCH_BYTES = 1_048_588
const random = createTestRandom()
const record = (offset: number, valueBytes: number, more = {}) =>
  dataRecord(offset, Buffer.alloc(valueBytes, 'x'), more)

test('nothing is no transaction', () => {
  expect(splitIntoTransactions([])).toEqual([])
})

test('small records go together, a thousand at most', () => {
  const records = Array.from({ length: 2_100 }, (_, i) => dataRecord(i, null))
  const sizes = splitIntoTransactions(records).map(({ length }) => length)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000)
  expect(sizes.length).toBeLessThanOrEqual(4)
})

test('a record that is too large for any company goes alone', () => {
  const records = [record(0, 100), record(1, 1_000_000), record(2, 100), record(3, 100)]
  const offsets = splitIntoTransactions(records).map((each) => each.map(({ offset }) => offset))
  expect(offsets).toEqual([['0'], ['1'], ['2', '3']])
})

describe('of any batch', () => {
  const batches = Array.from({ length: 60 }, () => {
    const [value, header, key] = [
      random.oneOf(2, 2_000, 200_000),
      random.oneOf(2, 20_000),
      random.oneOf(2, 20_000),
    ]
    return Array.from({ length: 1 + random.below(300) }, (_, offset) =>
      record(offset, random.below(value), {
        key: Buffer.alloc(random.below(key)),
        headers: { traza: Buffer.alloc(random.below(header)), lista: ['ñ'.repeat(random.below(9)), 'b'] },
      }),
    )
  })

  test('every record is in one transaction, in order, and none is without records', () => {
    for (const batch of batches) {
      const split = splitIntoTransactions(batch)
      expect(split.flat().map(({ offset }) => offset)).toEqual(batch.map(({ offset }) => offset))
      expect(split.every(({ length }) => length > 0)).toBe(true)
    }
  })

  test('what becomes of a transaction fits what Kafka takes, in outcomes and in dead letters', () => {
    for (const transaction of batches.flatMap(splitIntoTransactions)) {
      if (transaction.length === 1) continue
      const outcomes = transaction.reduce((sum, { value }) => sum + 2 * (value?.length ?? 0), 0)
      const letters = transaction.flatMap(({ key, value, headers }) => [key, value, headers?.['traza']])
      expect(outcomes).toBeLessThan(MAX_BATCH_BYTES)
      expect(Buffer.concat(letters.filter((part) => Buffer.isBuffer(part))).length).toBeLessThan(
        MAX_BATCH_BYTES,
      )
    }
  })
})
