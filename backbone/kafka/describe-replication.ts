import { hasErrorType } from './error-type.ts'
import type { PartitionReplicas, TopicAdmin } from './topic-admin.ts'

export interface TopicReplication {
  topic: string
  minInSync: number
  partitions: PartitionReplicas[]
}

/** Others do not exist yet, or are none of this process's business. */
const LEFT_OUT: ReadonlySet<unknown> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'TOPIC_AUTHORIZATION_FAILED',
  'LEADER_NOT_AVAILABLE',
])
const DENIED: ReadonlySet<unknown> = new Set(['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED'])

/** How the topics are replicated; without those that are missing, or that this process may not describe. */
export async function describeReplication(
  admin: TopicAdmin,
  topics: readonly string[],
): Promise<TopicReplication[]> {
  const described = await Promise.all(
    topics.map(async (topic) => {
      try {
        const partitions = await admin.describeReplicas(topic)
        return { topic, partitions, minInSync: await minInSyncOf(admin, topic, partitions) }
      } catch (error) {
        if (hasErrorType(error, LEFT_OUT)) return undefined
        throw error
      }
    }),
  )
  return described.filter((topic) => topic !== undefined)
}

async function minInSyncOf(
  admin: TopicAdmin,
  topic: string,
  partitions: PartitionReplicas[],
): Promise<number> {
  try {
    return Number((await admin.fetchTopicSetting(topic, 'min.insync.replicas')) ?? 1)
  } catch (error) {
    // As this system creates its topics.
    if (hasErrorType(error, DENIED)) return (partitions[0]?.replicas.length ?? 0) >= 3 ? 2 : 1
    throw error
  }
}
