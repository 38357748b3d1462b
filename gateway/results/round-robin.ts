import { answeringOf, type PoolMember } from './pool-member.ts'

/**
 * Orders the processors for each read: round robin over those that respond to their probes (Envoy's outlier
 * ejection), doubtful ones last. If none responds, all are candidates (its panic threshold).
 */
export function createRoundRobin(all: readonly PoolMember[], now: () => number): () => string[] {
  let reads = 0
  const isDoubtful = ({ suspected, failedUntil }: PoolMember) => suspected || failedUntil > now()

  return () => {
    const able = answeringOf(all)
    const candidates = able.length > 0 ? able : all
    const start = reads++ % Math.max(1, candidates.length)
    const ordered = [...candidates.slice(start), ...candidates.slice(0, start)]
    return [...ordered.filter((member) => !isDoubtful(member)), ...ordered.filter(isDoubtful)].map(
      ({ url }) => url,
    )
  }
}
