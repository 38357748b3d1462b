import { expect, test } from 'vitest'
import { createTestRandom } from '../testing/random.ts'
import { splitBySize } from './split-by-size.ts'

const MAX_MESSAGE_BYTES = 1_048_588
const random = createTestRandom()
const record = (value: string, headers = {}) => ({ key: null, value, headers })
const valuesOf = (batches: { value: string }[][]) =>
  batches.map((batch) => batch.map(({ value }) => value.slice(0, 1)))

test('no records make no batch', () => {
  expect(splitBySize([])).toEqual([])
})

test('what fits goes together', () => {
  const records = Array.from({ length: 2_000 }, () => record('x'.repeat(200)))
  expect(splitBySize(records)).toEqual([records])
})

test('one that is larger than a batch has its own batch', () => {
  const records = ['a', 'b'.repeat(1_000_000), 'c', 'd'].map((value) => record(value))
  expect(valuesOf(splitBySize(records))).toEqual([['a'], ['b'], ['c', 'd']])
})

test('bytes are counted, not characters, and in headers, too', () => {
  const wide = record('ñ'.repeat(200_000))
  expect(splitBySize([wide, wide])).toHaveLength(2)
  const marked = record('', { traza: Buffer.alloc(400_000), lista: ['a', 'b'] })
  expect(splitBySize([marked, marked])).toHaveLength(2)
})

test('all records are there, in order, in batches that Kafka takes', () => {
  for (let run = 0; run < 60; run++) {
    const most = random.oneOf(20, 2_000, 200_000)
    const records = Array.from({ length: 1 + random.below(300) }, (_, n) => ({
      key: Buffer.alloc(random.below(most), 'k'),
      value: Buffer.alloc(random.below(most), 'v'),
      headers: { n: String(n), more: Buffer.alloc(random.below(most)) },
    }))
    const batches = splitBySize(records)
    expect(batches.flat()).toEqual(records)
    for (const batch of batches) {
      const bytes = batch.reduce((sum, { key, value, headers }) => {
        return sum + key.length + value.length + headers.more.length
      }, 0)
      expect(batch.length).toBeGreaterThan(0)
      if (batch.length > 1) expect(bytes).toBeLessThan(MAX_MESSAGE_BYTES)
    }
  }
}, 20_000)
