import { AssignerProtocol, type PartitionAssigner, PartitionAssigners } from 'kafkajs'
import { z } from 'zod'
import { assignPartitions, type Candidate } from './assign-partitions.ts'

const { MemberMetadata, MemberAssignment } = AssignerProtocol
// Members of all versions must agree on it.
const NAME = 'WarmAssigner'
const VERSION = 1

const knowledgeSchema = z.object({
  owns: z.array(z.number()),
  followed: z.array(z.number()),
})

export type Knowledge = Omit<Candidate, 'memberId'>

interface AssignerOptions {
  topic: string
  /** How many this member knows of; Kafka may not have all of them yet. */
  partitions: () => number
  /** What this member knows now: it tells the group each time that it joins. */
  knows: () => Knowledge
}

/** How the group's leader assigns partitions; the second is used while members of an earlier version are there. */
export const createAssigners = (options: AssignerOptions): PartitionAssigner[] => [
  createStickyAssigner(options),
  PartitionAssigners.roundRobin,
]

/** See {@link assignPartitions}; each member tells the leader what it knows. */
const createStickyAssigner =
  ({ topic, partitions, knows }: AssignerOptions): PartitionAssigner =>
  ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: MemberMetadata.encode({
        version: VERSION,
        topics,
        userData: Buffer.from(JSON.stringify(knows())),
      }),
    }),
    assign({ members }) {
      const candidates = members.map(({ memberId, memberMetadata }) => ({
        memberId,
        ...readKnowledge(memberMetadata),
      }))
      const count = Math.min(partitions(), cluster.findTopicPartitionMetadata(topic).length)
      const assignments = Array.from(assignPartitions(candidates, count), ([memberId, assigned]) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({
          version: VERSION,
          assignment: { [topic]: assigned },
          userData: Buffer.alloc(0),
        }),
      }))
      return Promise.resolve(assignments)
    },
  })

/** Metadata that cannot be read counts as no knowledge. */
function readKnowledge(metadata: Buffer): Knowledge {
  try {
    const userData = MemberMetadata.decode(metadata)?.userData.toString() ?? ''
    return knowledgeSchema.parse(JSON.parse(userData))
  } catch {
    return { owns: [], followed: [] }
  }
}
