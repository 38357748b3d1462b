import { lanePartitions, lanes } from '../../backbone/records/partition.ts'

/** What a member of the group reports when it joins. */
export interface Candidate {
  memberId: string
  /** Partitions of DataTopic that it owned until now. */
  owns: readonly number[]
  /** By partition that it works with, how far it has followed Notifications. */
  followed: readonly number[]
}

/**
 * Assigns each partition to the member that knows most of its outcomes: its last owner first, then the member that has
 * followed furthest. A member that knows less must first read the log, which may have a week in it. Fairness comes before
 * that: no two members differ by more than one partition, in all and in each lane, so that no member has purchases only.
 *
 * Partitions beyond `partitions` were added to the topic, and no member works with them yet. They are assigned, too: when
 * their owners learn of them, nothing would make the group assign partitions again.
 */
export function assignPartitions(
  candidates: readonly Candidate[],
  partitions: number,
  inTopic: number,
): Map<string, number[]> {
  const members = candidates.toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1))
  const assigned = new Map(members.map(({ memberId }) => [memberId, [] as number[]]))
  const all = createQuota(partitions, members.length)
  for (const { first, count } of distinctLanes(partitions)) {
    const lane = createQuota(count, members.length)
    const pairs = Array.from({ length: count }, (_, i) => first + i)
      .flatMap((partition) => members.map((member) => ({ partition, member })))
      .toSorted((a, b) => affinity(b) - affinity(a))
    const given = new Set<number>()
    for (const { partition, member } of pairs) {
      const { memberId } = member
      if (given.has(partition) || !lane.hasRoom(memberId) || !all.hasRoom(memberId)) continue
      lane.take(memberId)
      all.take(memberId)
      assigned.get(memberId)?.push(partition)
      given.add(partition)
    }
  }
  for (let added = partitions; added < inTopic; added++) smallestOf(assigned)?.push(added)
  return new Map(assigned.entries().map(([memberId, owned]) => [memberId, owned.toSorted((a, b) => a - b)]))
}

function affinity({ partition, member }: { partition: number; member: Candidate }): number {
  return member.owns.includes(partition) ? Number.MAX_SAFE_INTEGER : (member.followed[partition] ?? 0)
}

const smallestOf = (shares: ReadonlyMap<string, number[]>): number[] | undefined =>
  [...shares.values()].toSorted((a, b) => a.length - b.length)[0]

/** A topic of one partition has it in both lanes. */
const distinctLanes = (partitions: number) =>
  lanes.map((lane) => lanePartitions(lane, partitions)).slice(0, partitions === 1 ? 1 : lanes.length)

/** Equal shares of `things`; if there is a remainder, some takers get one more. */
function createQuota(things: number, takers: number) {
  const each = Math.floor(things / takers)
  let leftOver = things % takers
  const taken = new Map<string, number>()
  const takenBy = (taker: string) => taken.get(taker) ?? 0
  return {
    hasRoom: (taker: string): boolean => takenBy(taker) < each || (takenBy(taker) === each && leftOver > 0),
    take(taker: string): void {
      if (takenBy(taker) >= each) leftOver--
      taken.set(taker, takenBy(taker) + 1)
    },
  }
}
