import { expect, test } from 'vitest'
import { restAfter } from './rest-after.ts'

test('a partition is in transactions for a quarter of the time', () => {
  expect(restAfter(8)).toBe(24)
})

test('where transactions are slow nobody waits longer than a tenth of a second for the next', () => {
  expect([33, 34, 5_000].map(restAfter)).toEqual([99, 100, 100])
})
