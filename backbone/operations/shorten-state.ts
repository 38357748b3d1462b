import type { PartitionLag, SystemState } from './system-state.ts'

/** More would cost each viewer more than 100 kB a second, and nobody would read them. */
export const MOST_LISTED = 100

/** The state with the partitions that matter most, and how many are left out. */
export function shortenState(state: SystemState): SystemState {
  const { partitions, kafka } = state
  const belowMinIsr = kafka?.belowMinIsr ?? []
  const underReplicated = kafka?.underReplicated ?? []
  return {
    ...state,
    partitions: partitions.length <= MOST_LISTED ? partitions : worstOf(partitions),
    kafka: kafka && {
      ...kafka,
      belowMinIsr: belowMinIsr.slice(0, MOST_LISTED),
      underReplicated: underReplicated.slice(0, MOST_LISTED),
    },
    leftOut: {
      partitions: beyond(partitions),
      belowMinIsr: beyond(belowMinIsr),
      underReplicated: beyond(underReplicated),
    },
  }
}

const beyond = (list: readonly unknown[]): number => Math.max(0, list.length - MOST_LISTED)

/** Without an owner, or behind, the oldest first; the others by number. They stay in the order of their numbers. */
function worstOf(partitions: readonly PartitionLag[]): PartitionLag[] {
  const worst = partitions
    .filter(isBad)
    .toSorted(
      (a, b) => Number(a.owner !== null) - Number(b.owner !== null) || (b.seconds ?? 0) - (a.seconds ?? 0),
    )
  const others = partitions.filter((partition) => !isBad(partition))
  const listed = new Set([...worst, ...others].slice(0, MOST_LISTED))
  return partitions.filter((each) => listed.has(each))
}

const isBad = ({ owner, trend }: PartitionLag): boolean => owner === null || trend !== 'none'
