import { expect, test } from 'vitest'
import { createIdSet } from './id-set.ts'

test('has what was added and nothing else, through several growths', () => {
  const ids = createIdSet()
  const count = 300_000
  for (let i = 0; i < count; i++) ids.add(`event-${i}`)
  ids.add('event-0')
  expect(ids.size()).toBe(count)
  let found = 0
  let mistaken = 0
  for (let i = 0; i < count; i++) {
    if (ids.has(`event-${i}`)) found++
    if (ids.has(`other-${i}`)) mistaken++
  }
  expect({ found, mistaken }).toEqual({ found: count, mistaken: 0 })
})
