import { expect, test } from 'vitest'
import { compareTables } from './compare-insights.ts'

const row = {
  traits: [{ factor: 'city' as const, value: 'Ñuñoa' }],
  of: 20,
  slow: 5,
  share: 0.25,
  interval: [0.11, 0.47] as [number, number],
  lift: { ratio: 2, interval: [1.1, 3.5] as [number, number] },
  adjusted: null,
}
const table = (...differences: (typeof row)[]) => ({
  purchases: { of: 100, slow: 10, share: 0.1, interval: [0.05, 0.17] as [number, number] },
  staged: 0,
  differences,
})

test('rows are equal up to rounding, in any order, and Spark may have more', () => {
  const rounded = { ...row, share: 0.25 + 1e-14 }
  const more = { ...row, traits: [{ factor: 'city' as const, value: 'Maipú' }] }
  expect(compareTables(table(row), table(more, rounded))).toEqual({ rows: 1, faults: [] })
})

test.each([
  ['is missing', []],
  ['has another count', [{ ...row, slow: 6 }]],
  ['has another interval', [{ ...row, interval: [0.11, 0.4701] as [number, number] }]],
  ['has no lift', [{ ...row, lift: null as never }]],
])('a row that %s is a fault', (_, differences) => {
  expect(compareTables(table(row), table(...differences)).faults).toEqual(['city Ñuñoa'])
})

test('totals are compared', () => {
  expect(compareTables(table(), { ...table(), staged: 7 }).faults).toEqual([
    'purchases, slow, staged: 100, 10, 0; Spark 100, 10, 7',
  ])
})
