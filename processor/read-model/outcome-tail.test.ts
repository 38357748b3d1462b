import { describe, expect, test } from 'vitest'
import type { OutcomeKind } from '../../backbone/records/outcome.ts'
import { createTestRandom } from '../testing/random.ts'
import { range } from '../testing/read-models.ts'
import { outcomeRecord } from '../testing/records.ts'
import { createOutcomeTail } from './outcome-tail.ts'
import type { OutcomeFilter, OutcomeRecord } from './record.ts'

const all: OutcomeFilter = { kinds: new Set(['quick', 'slow', 'none', 'unverified', 'invalid']) }

function tailOf(offsets: number[]) {
  const tail = createOutcomeTail()
  tail.push(offsets.map((offset) => outcomeRecord(0, offset)))
  return tail
}
const offsets = ({ records }: { records: { offset: number }[] }) => records.map(({ offset }) => offset)

describe('reads', () => {
  const tail = tailOf([10, 12, 13, 20])

  test.each([
    [0, [10, 12, 13, 20]],
    [11, [12, 13, 20]],
    [13, [13, 20]],
    [21, []],
  ])('from %i on', (from, expected) => {
    const read = tail.read(from, 30, all, 100)
    expect(offsets(read)).toEqual(expected)
    expect(read.next).toBe(30)
  })

  test('up to the limit, and returns the next offset', () => {
    const first = tail.read(0, 30, all, 2)
    expect([offsets(first), first.next]).toEqual([[10, 12], 13])
    const second = tail.read(first.next, 30, all, 2)
    expect([offsets(second), second.next]).toEqual([[13, 20], 21])
  })

  test('only matching records, for every filter', () => {
    const mixed = createOutcomeTail()
    mixed.push([
      outcomeRecord(0, 1, { kind: 'slow', customer: 'a'.repeat(24), classifiedAt: 100 }),
      outcomeRecord(0, 2, { kind: 'quick', customer: 'b'.repeat(24), classifiedAt: 200 }),
      outcomeRecord(0, 3, { kind: 'invalid', classifiedAt: 300, owner: 'web' }),
    ])
    const found = (filter: Partial<OutcomeFilter>) => offsets(mixed.read(0, 9, { ...all, ...filter }, 9))
    expect(found({ kinds: new Set(['slow', 'invalid']) })).toEqual([1, 3])
    expect(found({ customer: 'b'.repeat(24) })).toEqual([2])
    expect(found({ owner: 'web' })).toEqual([3])
    expect(found({ since: 200 })).toEqual([2, 3])
    expect(found({ until: 200 })).toEqual([1])
    expect(found({ since: 101, until: 300, kinds: new Set(['slow']) })).toEqual([])
  })
})

test('at most the byte limit: the rest comes with the next read', () => {
  const tail = createOutcomeTail()
  tail.push(range(0, 10).map((offset) => outcomeRecord(0, offset, { productovisto: 'x'.repeat(100_000) })))
  const first = tail.read(0, 10, all, 100)
  expect([offsets(first), first.next]).toEqual([[0, 1, 2], 3])
  expect(offsets(tail.read(first.next, 10, all, 100))).toEqual([3, 4, 5])
})

test('an empty one has no first offset and no records', () => {
  const tail = createOutcomeTail()
  expect(tail.firstOffset()).toBeUndefined()
  expect(tail.read(3, 8, all, 10)).toEqual({ records: [], next: 8 })
})

describe('drops', () => {
  test.each([
    ['nothing after the offset', 15, 0, [20, 21, 22, 23, 24, 25]],
    ['nothing of what is kept', 100, 3, [23, 24, 25]],
    ['all when nothing is kept', 100, 0, []],
    ['nothing when all is kept', 100, 50, [10, 11, 20, 21, 22, 23, 24, 25]],
  ])('%s', (_, before, keep, left) => {
    const tail = tailOf([10, 11, 20, 21, 22, 23, 24, 25])
    tail.drop(before, { records: keep, bytes: Number.POSITIVE_INFINITY })
    expect(offsets(tail.read(0, 30, all, 100))).toEqual(left)
    expect(tail.firstOffset()).toBe(left[0])
  })

  test('until at most the kept bytes are left', () => {
    const tail = tailOf(range(10, 20))
    const size = tail.read(19, 20, all, 1).records[0]?.json.length ?? 0
    tail.drop(100, { records: 100, bytes: 5 * size })
    expect(tail.firstOffset()).toBe(15)
    tail.drop(100, { records: 100, bytes: 5 * size - 1 })
    expect(tail.firstOffset()).toBe(16)
    tail.push([outcomeRecord(0, 20)])
    tail.drop(100, { records: 100, bytes: 5 * size })
    expect(tail.firstOffset()).toBe(16)
    tail.drop(18, { records: 0, bytes: 0 })
    expect(tail.firstOffset()).toBe(18)
  })
})

test('behaves like a plain list, for any pushes, drops and reads', () => {
  const { below, oneOf } = createTestRandom()
  const tail = createOutcomeTail()
  let model: OutcomeRecord[] = []
  let next = 0
  for (let step = 0; step < 3_000; step++) {
    const added = range(0, below(oneOf(2, 30))).map(() => {
      next += 1 + below(3)
      return outcomeRecord(0, next - 1, { kind: oneOf('quick', 'none') })
    })
    tail.push(added)
    model.push(...added)
    if (below(4) === 0) {
      const before = below(next + 2)
      const keep = below(100)
      tail.drop(before, { records: keep, bytes: Number.POSITIVE_INFINITY })
      const kept = new Set(model.slice(Math.max(0, model.length - keep)))
      model = model.filter((record) => record.offset >= before || kept.has(record))
    }
    const from = Math.max(0, next - below(200))
    const kinds = new Set<OutcomeKind>(oneOf(['quick'], ['quick', 'none']))
    const filter: OutcomeFilter = { kinds }
    const expected = model.filter(({ offset, kind }) => offset >= from && kinds.has(kind))
    const limit = 1 + below(50)
    expect(offsets(tail.read(from, next, filter, limit))).toEqual(
      offsets({ records: expected.slice(0, limit) }),
    )
    expect(tail.firstOffset()).toBe(model[0]?.offset)
  }
})
