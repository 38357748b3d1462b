import { expect, test } from 'vitest'
import { createTestRandom } from '../testing/random.ts'
import { createEventFilter } from './bloom-filter.ts'
import { hashOf } from './record.ts'

const random = createTestRandom()
const run = random.below(1_000_000)
const idsOf = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${run}-${name}-${n}`)

function filterWith(ids: readonly string[]) {
  const filter = createEventFilter()
  for (const [offset, id] of ids.entries()) filter.add(hashOf(id), 0, offset)
  filter.complete()
  return filter
}

test('reports all added events, and very rarely others, also beyond its first generation', () => {
  const seen = idsOf('seen', 400_000)
  const filter = filterWith(seen)
  expect(filter.generations()).toBe(2)
  expect(seen.filter((id) => !filter.mayHave(id))).toEqual([])
  const mistaken = idsOf('new', 100_000).filter((id) => filter.mayHave(id))
  expect(mistaken.length).toBeLessThan(200)
})

test('reports everything as seen before the file is loaded', () => {
  const filter = createEventFilter()
  expect(filter.mayHave('anything')).toBe(true)
  filter.complete()
  expect(filter.mayHave('anything')).toBe(false)
})

test('a recreated log keeps nothing of the previous one', () => {
  const filter = filterWith(idsOf('old', 262_144))
  filter.add(hashOf('new'), 0, 262_144)
  filter.forget(0)
  filter.add(hashOf('newer'), 0, 5)
  filter.cut(() => 3)
  expect(filter.generations()).toBe(1)
  expect([filter.mayHave('new'), filter.mayHave('newer')]).toEqual([true, true])
})

test('drops a generation once retention has removed all its events', () => {
  const filter = filterWith(idsOf('old', 262_144))
  filter.add(hashOf('late, in another partition'), 1, 7)
  filter.add(hashOf('new'), 0, 300_000)
  expect(filter.generations()).toBe(2)
  filter.cut((partition) => (partition === 0 ? 262_143 : 8))
  expect(filter.generations()).toBe(2)
  filter.cut((partition) => (partition === 0 ? 262_144 : 0))
  expect(filter.generations()).toBe(1)
  expect(filter.mayHave('new')).toBe(true)
  filter.cut(() => 1_000_000)
  expect(filter.mayHave('new')).toBe(true)
})
