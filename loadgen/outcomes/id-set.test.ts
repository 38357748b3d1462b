import { expect, test } from 'vitest'
import { createIdSet } from './id-set.ts'

const COUNT = 2_000_000
const idOf = (n: number) => Bun.hash(String(n)).toString(16).padStart(32, '0')

// Enough ids to detect a hash with less than 64 good bits.
test('contains the added ids only', () => {
  const ids = createIdSet()
  let mistaken = 0
  for (let n = 0; n < COUNT; n++) {
    const id = idOf(n)
    if (ids.has(id)) mistaken++
    ids.add(id)
  }
  ids.add(idOf(0))
  let missing = 0
  for (let n = 0; n < COUNT; n += 100) if (!ids.has(idOf(n))) missing++
  expect({ size: ids.size(), mistaken, missing }).toEqual({ size: COUNT, mistaken: 0, missing: 0 })
})
