import { describe, expect, test } from 'vitest'
import { lanePartitions } from '../records/partition.ts'
import { assignReplicas } from './topics.ts'

const leadersOf = (lane: 'purchase' | 'browse', brokers: number[], partitions: number) => {
  const { first, count } = lanePartitions(lane, partitions)
  const assigned = assignReplicas(partitions, brokers).slice(first, first + count)
  return new Set(assigned.flatMap(({ replicas }) => replicas.slice(0, 1)))
}

describe.each([
  { brokers: [7], replication: 1 },
  { brokers: [1, 2], replication: 2 },
  { brokers: [1, 2, 3], replication: 3 },
  { brokers: [0, 4, 5, 9], replication: 3 },
  { brokers: [1, 2, 3, 4, 5], replication: 3 },
])('among the brokers $brokers', ({ brokers, replication }) => {
  test.each(Array.from({ length: 12 }, (_, i) => i + 1))(
    `%i partitions have ${replication} replicas each`,
    (count) => {
      const assigned = assignReplicas(count, brokers)
      expect(assigned.map(({ partition }) => partition)).toEqual(Array.from({ length: count }, (_, i) => i))
      for (const { replicas } of assigned) {
        expect(new Set(replicas).size).toBe(replication)
        expect(replicas).toHaveLength(replication)
        expect(brokers).toEqual(expect.arrayContaining(replicas))
      }
    },
  )

  test('the lanes are led by different brokers where there are several', () => {
    const purchase = leadersOf('purchase', brokers, 12)
    const browse = leadersOf('browse', brokers, 12)
    expect(purchase.isDisjointFrom(browse)).toBe(brokers.length > 1)
  })

  test('no broker is without work when there are partitions enough', () => {
    const leaders = leadersOf('purchase', brokers, 12).union(leadersOf('browse', brokers, 12))
    expect([...leaders].toSorted((a, b) => a - b)).toEqual(brokers)
  })
})
