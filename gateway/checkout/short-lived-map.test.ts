import { edenGC, fullGC, heapSize } from 'bun:jsc'
import { expect, test } from 'vitest'
import { ShortLivedMap } from './short-lived-map.ts'

test('has what was set and not deleted, whatever the turnover', () => {
  const map = new ShortLivedMap<number, string>()
  for (let key = 0; key < 1_000; key++) {
    map.set(key, `value ${key}`)
    map.delete(key - 100)
    map.delete(-1)
  }
  const kept = Array.from({ length: 1_100 }, (_, key) => key).filter((key) => map.has(key))
  expect(kept).toEqual(Array.from({ length: 100 }, (_, index) => 900 + index))
  expect(kept.map((key) => map.get(key))).toEqual(kept.map((key) => `value ${key}`))
  map.set(950, 'another')
  expect(map.get(950)).toBe('another')
  expect(map.get(899)).toBeUndefined()
})

test('young collections free what was deleted', () => {
  const map = new ShortLivedMap<number, number[]>()
  fullGC()
  const before = heapSize()
  for (let key = 0; key < 50_000; key++) {
    map.set(key, Array<number>(128).fill(key))
    map.delete(key - 256)
    if (key % 5_000 === 0) edenGC()
  }
  // All values have 50 MiB; a Map keeps more than 20 of them here.
  expect((heapSize() - before) / 2 ** 20).toBeLessThan(12)
})
