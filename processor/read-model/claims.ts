import type { ClaimRecord } from './record.ts'

/** Of one partition. Each start of a processor and each change of the group adds some. */
export const MOST_CLAIMS = 1_000

/** The newest claims of each partition, in the order of their offsets. `known` are those of the file, in that order. */
export function createClaims(known: readonly ClaimRecord[]) {
  const ofPartition = Map.groupBy(known.values(), ({ partition }) => partition)

  return {
    add(claim: ClaimRecord): void {
      const before = ofPartition.get(claim.partition) ?? []
      ofPartition.set(claim.partition, [...before, claim].slice(-MOST_CLAIMS))
    },

    /** The claim of the member that owned the partition at an offset of Notifications. */
    ownerAt: (partition: number, offset: number): ClaimRecord | undefined =>
      ofPartition.get(partition)?.findLast((claim) => claim.offset < offset),

    /** Keeps the claim that the first kept outcomes were written under. */
    cut(partition: number, first: number): void {
      const claims = ofPartition.get(partition) ?? []
      const owning = claims.findLastIndex(({ offset }) => offset < first)
      if (owning > 0) ofPartition.set(partition, claims.slice(owning))
    },

    forget: (partition: number): boolean => ofPartition.delete(partition),
  }
}

export type Claims = ReturnType<typeof createClaims>
