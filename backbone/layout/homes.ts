import { homePartition, type Lane, lanePartitions, lanes } from '../records/partition.ts'

/**
 * Counts of partitions that customers were spread over, by version of the layout; the last one is in force, or will be
 * when it is used.
 */
export type Homes = readonly number[]

export const homesNow = (homes: Homes): number => homes.at(-1) ?? 1

/** Whether a partition was the home of a customer's events before the layout in force. */
export const wasHome = (partition: number, customer: string, lane: Lane, homes: Homes): boolean =>
  homes.slice(0, -1).some((count) => homePartition(customer, lane, count) === partition)

/** A partition that was the home of customers under the layout `version`. */
interface FormerHome {
  version: number
  partition: number
}

/**
 * The former homes of the customers whose home is `partition` now, without the partition itself. Of a customer's hash only
 * the remainders are known: those of two counts go together if they are equal modulo the counts' greatest common divisor.
 */
export function formerHomes(partition: number, homes: Homes): FormerHome[] {
  return lanes.flatMap((lane) => {
    const now = lanePartitions(lane, homesNow(homes))
    const index = partition - now.first
    if (index < 0 || index >= now.count) return []
    return homes.slice(0, -1).flatMap((count, version) => {
      const then = lanePartitions(lane, count)
      const divisor = greatestCommonDivisor(then.count, now.count)
      return Array.from({ length: then.count }, (_, former) => former)
        .filter((former) => (former - index) % divisor === 0 && then.first + former !== partition)
        .map((former) => ({ version, partition: then.first + former }))
    })
  })
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
