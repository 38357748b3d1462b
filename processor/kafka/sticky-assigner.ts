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
  ({ topic, knows }: AssignerOptions): PartitionAssigner =>
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
      // kafkajs asks for them before it calls this, and joins again as soon as any member sees more.
      const inTopic = cluster.findTopicPartitionMetadata(topic).length
      // This member may be the last one that learns of new partitions.
      const known = Math.min(inTopic, Math.max(...candidates.map(({ followed }) => followed.length)))
      const shares = assignPartitions(candidates, known, inTopic)
      const assignments = Array.from(shares, ([memberId, assigned]) => ({
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
