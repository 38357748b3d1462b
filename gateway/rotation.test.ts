import { expect, test } from 'vitest'
import { createRotation } from './rotation.ts'

test('everyone has a turn, and the others are there to go on with', () => {
  const rotation = createRotation(['a', 'b', 'c'])
  expect([1, 2, 3, 4].map(() => rotation.next().join(''))).toEqual(['abc', 'bca', 'cab', 'abc'])
})

test('whoever failed comes last for a second', () => {
  let now = 0
  const rotation = createRotation(['a', 'b'], () => now)
  rotation.failed('a')
  expect(rotation.next()).toEqual(['b', 'a'])
  now = 999
  expect([rotation.next()[0], rotation.next()[0]]).toEqual(['b', 'b'])
  now = 1_000
  expect(new Set([rotation.next()[0], rotation.next()[0]])).toEqual(new Set(['a', 'b']))
})

test('nobody is a rotation, too', () => {
  expect(createRotation([]).next()).toEqual([])
})
