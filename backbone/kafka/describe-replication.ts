import { hasErrorType } from './error-type.ts'
import type { PartitionReplicas, TopicAdmin } from './topic-admin.ts'

interface TopicReplication {
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

const SETTINGS_KEPT_MS = 60_000

/** How topics are replicated. Their settings are asked for once a minute. */
export function replicationReader() {
  const minInSync = new Map<string, number>()
  let readAt = Number.NEGATIVE_INFINITY

  async function describe(admin: TopicAdmin, topic: string): Promise<TopicReplication | undefined> {
    try {
      const partitions = await admin.describeReplicas(topic)
      const least = minInSync.get(topic) ?? (await minInSyncOf(admin, topic, partitions))
      minInSync.set(topic, least)
      return { topic, partitions, minInSync: least }
    } catch (error) {
      if (hasErrorType(error, LEFT_OUT)) return undefined
      throw error
    }
  }

  /** Without those that are missing, or that this process may not describe. */
  return async (admin: TopicAdmin, topics: readonly string[]): Promise<TopicReplication[]> => {
    if (performance.now() - readAt > SETTINGS_KEPT_MS) {
      minInSync.clear()
      readAt = performance.now()
    }
    const described = await Promise.all(topics.map((topic) => describe(admin, topic)))
    return described.filter((topic) => topic !== undefined)
  }
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
