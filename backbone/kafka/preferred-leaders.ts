import type { TopicAdmin } from './topic-admin.ts'

/**
 * By partition, the broker that leads it whenever it is in sync. The present leaders change with each restart of a broker,
 * these only by a reassignment of partitions.
 */
export async function preferredLeaders(admin: TopicAdmin, topic: string): Promise<number[]> {
  const partitions = await admin.describeReplicas(topic)
  return partitions
    .toSorted((a, b) => a.partition - b.partition)
    .map(({ replicas, leader }) => replicas[0] ?? leader)
}
