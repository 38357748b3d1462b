import { AssignerProtocol, type PartitionAssigner, PartitionAssigners } from 'kafkajs'
import { z } from 'zod'
import { assignPartitions, type Candidate } from './assign-partitions.ts'

const { MemberMetadata, MemberAssignment } = AssignerProtocol
const NAME = 'WarmAssigner'
const VERSION = 1

const knowledgeSchema = z.object({
  owns: z.array(z.number()),
  followed: z.array(z.number()),
})

export type Knowledge = Omit<Candidate, 'memberId'>

interface WarmAssignerOptions {
  topic: string
  partitions: number
  /** Of this member, now: it is told to the group each time that it joins. */
  knows: () => Knowledge
}

/** How the group's leader shares the partitions out; the second is for as long as members of an earlier version are there. */
export const createAssigners = (options: WarmAssignerOptions): PartitionAssigner[] => [
  createWarmAssigner(options),
  PartitionAssigners.roundRobin,
]

/** See {@link assignPartitions}; each member tells the leader what it knows. */
const createWarmAssigner =
  ({ topic, partitions, knows }: WarmAssignerOptions): PartitionAssigner =>
  () => ({
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
      const assignments = Array.from(assignPartitions(candidates, partitions), ([memberId, assigned]) => ({
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

/** Of a member that says nothing that can be read, nothing is known. */
function readKnowledge(metadata: Buffer): Knowledge {
  try {
    const userData = MemberMetadata.decode(metadata)?.userData.toString() ?? ''
    return knowledgeSchema.parse(JSON.parse(userData))
  } catch {
    return { owns: [], followed: [] }
  }
}
