import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { lanePartitions, lanes } from '../../backbone/records/partition.ts'
import { assignPartitions, type Candidate } from './assign-partitions.ts'

const cold = (memberId: string): Candidate => ({ memberId, owns: [], followed: [] })

const asOwners = (assigned: Map<string, number[]>): Candidate[] =>
  Array.from(assigned, ([memberId, owns]) => ({ memberId, owns, followed: [] }))

const spread = (counts: number[]) => Math.max(...counts) - Math.min(...counts)

const pool = fc.integer({ min: 1, max: 24 }).chain((partitions) =>
  fc.record({
    partitions: fc.constant(partitions),
    members: fc.array(
      fc.record({
        owns: fc.uniqueArray(fc.nat(partitions - 1)),
        followed: fc.array(fc.nat(1_000), { maxLength: partitions }),
      }),
      { minLength: 1, maxLength: 9 },
    ),
  }),
)

test('each partition has one owner, and members have equal shares, in each lane too, whatever they know', () => {
  fc.assert(
    fc.property(pool, ({ partitions, members }) => {
      const candidates = members.map((member, i) => ({ memberId: `member-${i}`, ...member }))
      const assigned = assignPartitions(candidates, partitions, partitions)
      expect([...assigned.keys()].toSorted()).toEqual(candidates.map(({ memberId }) => memberId).toSorted())
      const shares = [...assigned.values()]
      expect(shares.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: partitions }, (_, p) => p))
      expect(spread(shares.map(({ length }) => length))).toBeLessThanOrEqual(1)
      for (const { first, count } of lanes.map((lane) => lanePartitions(lane, partitions))) {
        const inLane = shares.map((share) => share.filter((p) => p >= first && p < first + count).length)
        expect(spread(inLane)).toBeLessThanOrEqual(1)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('added partitions that no member works with yet have owners, too, and change nothing for the others', () => {
  fc.assert(
    fc.property(pool, fc.nat(24), ({ partitions, members }, added) => {
      const candidates = members.map((member, i) => ({ memberId: `member-${i}`, ...member }))
      const before = assignPartitions(candidates, partitions, partitions)
      const assigned = assignPartitions(candidates, partitions, partitions + added)
      const shares = [...assigned.values()]
      expect(shares.flat().toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: partitions + added }, (_, p) => p),
      )
      expect(spread(shares.map(({ length }) => length))).toBeLessThanOrEqual(1)
      for (const [memberId, owned] of assigned)
        expect(owned.filter((partition) => partition < partitions)).toEqual(before.get(memberId))
    }),
    { numRuns: 500 },
  )
})

test('without a change of members no partition moves', () => {
  fc.assert(
    fc.property(pool, ({ partitions, members }) => {
      const assigned = assignPartitions(
        members.map((member, i) => ({ memberId: `member-${i}`, ...member })),
        partitions,
        partitions,
      )
      expect(assignPartitions(asOwners(assigned), partitions, partitions)).toEqual(assigned)
    }),
    { numRuns: 2_000 },
  )
})

test('the others get the partitions of a member that leaves, and keep their own', () => {
  const three = assignPartitions(['a', 'b', 'c'].map(cold), 6, 6)
  const left = asOwners(three).filter(({ memberId }) => memberId !== 'b')
  const two = assignPartitions(left, 6, 6)
  for (const { memberId, owns } of left) expect(two.get(memberId)).toEqual(expect.arrayContaining([...owns]))
})

test('a new member gets its share, and no other partition moves', () => {
  const two = assignPartitions(['a', 'b'].map(cold), 6, 6)
  const three = assignPartitions([...asOwners(two), cold('new')], 6, 6)
  expect(three.get('new')).toHaveLength(2)
  for (const [memberId, owned] of two)
    expect(owned).toEqual(expect.arrayContaining(three.get(memberId) ?? []))
})

test('a partition without an owner goes to the member that has followed it furthest', () => {
  const followed = (memberId: string, ...offsets: number[]) => ({ memberId, owns: [], followed: offsets })
  const assigned = assignPartitions(
    [followed('a', 10, 900, 10, 900), followed('b', 900, 10), cold('c'), followed('d', 10, 10, 900)],
    4,
    4,
  )
  expect(Object.fromEntries(assigned)).toEqual({ a: [1], b: [0], c: [3], d: [2] })
})
