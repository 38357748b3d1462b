import { expect, test } from 'vitest'
import { baseOffsets } from './base-offsets.ts'

const stored = (partition: number, baseOffset: string, errorCode = 0) => ({
  partition,
  errorCode,
  baseOffset,
})

test('tells where the first record of each partition was stored', () => {
  const offsets = baseOffsets(new Set([0, 3]), [stored(3, '41'), stored(0, '0')])
  expect(offsets).toEqual(
    new Map([
      [0, 0],
      [3, 41],
    ]),
  )
})

test('a partition that was stored twice counts from the first', () => {
  expect(baseOffsets(new Set([1]), [stored(1, '7'), stored(1, '9')]).get(1)).toBe(7)
  expect(baseOffsets(new Set([1]), [stored(1, '9'), stored(1, '7')]).get(1)).toBe(7)
})

test.each([
  ['a partition is missing', [stored(0, '5')]],
  ['there is an error', [stored(0, '5'), stored(1, '6', 7)]],
  ['there is no offset', [stored(0, '5'), { partition: 1, errorCode: 0 }]],
  ['the offset is -1', [stored(0, '5'), stored(1, '-1')]],
  ['nothing came', []],
])('throws when %s', (_, acknowledgements) => {
  expect(() => baseOffsets(new Set([0, 1]), acknowledgements)).toThrow(/1 were not acknowledged/)
})
