import { expect, test } from 'vitest'
import { positionOf } from '../read-model/record.ts'
import { createTestRandom } from '../testing/random.ts'
import { createFirstTimes } from './first-times.ts'

const byNumber = (a: number, b: number) => a - b
const at = (offset: number, partition = 0) => positionOf(partition, offset)

function create(capacity: number) {
  let now = 1_000
  const times = createFirstTimes(capacity, () => now++)
  return { ...times, tick: () => now++ }
}

test('remembers the first time of each way at each position', () => {
  const { add, of } = create(10)
  for (const way of [0, 1, 0, 1]) add(at(5), way)
  add(at(5, 1), 0)
  expect(of(at(5)).toSorted((a, b) => a.way - b.way)).toEqual([
    { way: 0, at: 1_001 },
    { way: 1, at: 1_002 },
  ])
  expect(of(at(5, 1))).toEqual([{ way: 0, at: 1_003 }])
  expect(of(at(6))).toEqual([])
})

test('forgets the oldest beyond its capacity, and says since when it is complete', () => {
  const { add, of, completeSince } = create(3)
  for (const offset of [0, 1, 2]) add(at(offset), 0)
  expect(of(at(0))).toHaveLength(1)
  expect(completeSince()).toBe(1_000)
  add(at(3), 0)
  expect(of(at(0))).toEqual([])
  expect([1, 2, 3].map((offset) => of(at(offset)).length)).toEqual([1, 1, 1])
  expect(completeSince()).toBe(1_001)
})

test('agrees with a plain list for any positions', () => {
  const { below } = createTestRandom()
  const capacity = 50
  const { add, of, clear } = create(capacity)
  let list: { position: number; way: number }[] = []
  for (let step = 0; step < 5_000; step++) {
    // Few hashes, far offsets: positions need more than 32 bits.
    const position = at(below(20) * 2 ** 33 + below(4), below(3))
    const way = below(2)
    if (step === 2_500) {
      clear()
      list = []
    }
    add(position, way)
    if (!list.some((each) => each.position === position && each.way === way)) list.push({ position, way })
    list = list.slice(-capacity)
    const expected = list.filter((each) => each.position === position).map((each) => each.way)
    expect(
      of(position)
        .map((each) => each.way)
        .toSorted(byNumber),
    ).toEqual(expected.toSorted(byNumber))
  }
})
