import { expect, test } from 'vitest'
import { restAfter } from './rest-after.ts'

test('a partition is in transactions for a third of the time', () => {
  expect(restAfter(8)).toBe(16)
})

test('where transactions are slow nobody waits longer than a twentieth of a second for the next', () => {
  expect([24, 25, 26, 5_000].map(restAfter)).toEqual([48, 50, 50, 50])
})
