import { expect, test } from 'vitest'
import { dataRecord } from '../testing/records.ts'
import { splitIntoTransactions } from './split-into-transactions.ts'

const MOST = 2_500

test.each([
  { records: 0, sizes: [] },
  { records: 1, sizes: [1] },
  { records: MOST, sizes: [MOST] },
  { records: MOST + 1, sizes: [MOST, 1] },
  { records: 2 * MOST + 7, sizes: [MOST, MOST, 7] },
])('$records records: transactions of $sizes, in order', ({ records, sizes }) => {
  const batch = Array.from({ length: records }, (_, offset) => dataRecord(offset, null))
  const split = splitIntoTransactions(batch)
  expect(split.map(({ length }) => length)).toEqual(sizes)
  expect(split.flat()).toEqual(batch)
})
