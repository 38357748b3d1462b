import { expect, test } from 'vitest'
import { mistakenFor } from './mistaken-kind.ts'

test.each([
  ['unverifed', 'unverified'],
  ['sloow', 'slow'],
  ['slow-', 'slow'],
  ['Quick', 'quick'],
  ['quick', undefined],
  ['express', undefined],
  ['long', undefined],
  ['slow-vip', undefined],
])('%s is taken for %s', (name, kind) => {
  expect(mistakenFor(name)).toBe(kind)
})
