import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashOf, TextTable } from './text-table.ts'

const MOST = 40
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000)
console.log(`text-table.test.ts: TEST_SEED=${seed}`)
const set = (table: TextTable, key: string, value: string) => table.set(key, hashOf(key), value)
const get = (table: TextTable, key: string) => table.get(key, hashOf(key))

test('has what a Map has, for any texts and also after it was cleared', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 60 })
  const entries = fc.array(fc.tuple(text, text), { maxLength: MOST })
  const table = new TextTable(MOST)
  fc.assert(
    fc.property(entries, text, (list, other) => {
      table.clear()
      const map = new Map(list)
      for (const [key, value] of list) set(table, key, value)
      expect(table.size).toBe(map.size)
      for (const key of [...map.keys(), other]) expect(get(table, key)).toBe(map.get(key))
    }),
    { seed, numRuns: 500 },
  )
})

test('keys with the same hash are told apart', () => {
  const table = new TextTable(3)
  for (const key of ['a', 'b', 'c']) table.set(key, 7, `of ${key}`)
  expect(['a', 'b', 'c', 'd'].map((key) => table.get(key, 7))).toEqual(['of a', 'of b', 'of c', undefined])
})

test('grows with its texts', () => {
  const table = new TextTable(3)
  const long = 'ñ'.repeat(100_000)
  for (const key of ['a', 'b', 'c']) set(table, key, key + long)
  expect(['a', 'b', 'c'].map((key) => get(table, key) === key + long)).toEqual([true, true, true])
})
