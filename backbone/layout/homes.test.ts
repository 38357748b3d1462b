import { assert, constantFrom, integer, property, uint8Array, uniqueArray } from 'fast-check'
import { expect, test } from 'vitest'
import { homePartition, lanes } from '../records/partition.ts'
import { formerHomes, wasHome } from './homes.ts'

const customer = uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) =>
  Buffer.from(bytes).toString('hex'),
)
const counts = uniqueArray(integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 4 }).map((each) =>
  each.toSorted((a, b) => a - b),
)

test('the former homes of a partition include those of every customer that it is the home of', () => {
  assert(
    property(customer, counts, constantFrom(...lanes), (id, homes, lane) => {
      const at = homes.map((count) => homePartition(id, lane, count))
      const now = at.at(-1) ?? 0
      const found = new Set(
        formerHomes(now, homes).map(({ version, partition }) => `${version}/${partition}`),
      )
      for (const [version, partition] of at.slice(0, -1).entries()) {
        if (partition !== now) expect(found).toContain(`${version}/${partition}`)
        expect(wasHome(partition, id, lane, homes)).toBe(true)
      }
    }),
  )
})

test('twice as many partitions: each has the former homes of its lane that its customers come from', () => {
  // Of 6, purchases have 0 to 3; of 12, 0 to 7.
  expect(formerHomes(5, [6, 12])).toEqual([{ version: 0, partition: 1 }])
  expect(formerHomes(2, [6, 12])).toEqual([])
  // Visits had 4 and 5, and have 8 to 11.
  expect(formerHomes(9, [6, 12])).toEqual([{ version: 0, partition: 5 }])
})

test('9 instead of 6: customers of the purchases, 4 and 6 partitions, keep their remainder by 2', () => {
  expect(formerHomes(5, [6, 9])).toEqual([
    { version: 0, partition: 1 },
    { version: 0, partition: 3 },
  ])
})
