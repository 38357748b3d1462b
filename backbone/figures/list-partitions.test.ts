import { expect, test } from 'vitest'
import { listPartitions } from './list-partitions.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, partition) => partition)

test('up to twelve partitions are listed singly, more as ranges', () => {
  expect(listPartitions([])).toBe('')
  expect(listPartitions([10, 2, 3])).toBe('2, 3, 10')
  expect(listPartitions(upTo(12))).toBe('0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11')
  expect(listPartitions(upTo(13))).toBe('0–12')
  expect(listPartitions(upTo(1_000).filter((partition) => partition !== 500))).toBe('0–499, 501–999')
})

test('of more than twenty ranges the first are listed', () => {
  const odd = upTo(42).filter((partition) => partition % 2 === 1)
  expect(listPartitions(odd.slice(0, 20))).toMatch(/37, 39$/)
  expect(listPartitions(odd)).toMatch(/37, 39, …$/)
})
