import type { Checkout } from './checkout.ts'

export const lanes = ['purchase', 'browse'] as const

/** A lane sets the priority, never the meaning: purchases before visits. */
export type Lane = (typeof lanes)[number]

export function laneOf({ taps, folio }: Pick<Checkout, 'taps' | 'folio'>): Lane {
  return (taps ?? 0) > 0 || folio !== null ? 'purchase' : 'browse'
}

/**
 * The first two thirds of the partitions are for purchases, the last third for visits. In a topic of one
 * partition they share it.
 */
export function lanePartitions(lane: Lane, partitions: number): { first: number; count: number } {
  if (partitions === 1) return { first: 0, count: 1 }
  const purchases = Math.max(1, Math.min(partitions - 1, Math.round((partitions * 2) / 3)))
  return lane === 'purchase'
    ? { first: 0, count: purchases }
    : { first: purchases, count: partitions - purchases }
}

/** The partition of a customer's events in a lane: Kafka's default hash, within the lane. */
export function homePartition(customer: string, lane: Lane, partitions: number): number {
  const { first, count } = lanePartitions(lane, partitions)
  return first + ((murmur2(Buffer.from(customer)) & 0x7fffffff) % count)
}

/** The 32-bit hash of Kafka's default partitioner, signed: org.apache.kafka.common.utils.Utils.murmur2. */
export function murmur2(data: Uint8Array): number {
  const m = 0x5bd1e995
  const byteAt = (index: number) => data[index] ?? 0
  const tail = data.length & ~3
  let h = 0x9747b28c ^ data.length

  for (let i = 0; i < tail; i += 4) {
    let k = Math.imul(byteAt(i) | (byteAt(i + 1) << 8) | (byteAt(i + 2) << 16) | (byteAt(i + 3) << 24), m)
    k = Math.imul(k ^ (k >>> 24), m)
    h = Math.imul(h, m) ^ k
  }
  for (let i = data.length - 1; i >= tail; i--) {
    h ^= byteAt(i) << (8 * (i - tail))
  }
  if (tail !== data.length) h = Math.imul(h, m)

  h = Math.imul(h ^ (h >>> 13), m)
  return h ^ (h >>> 15)
}
