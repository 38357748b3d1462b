import type { TopicAdmin } from './topic-admin.ts'

/** Where a partition's committed records begin and end; undefined if the topic has no such partition. */
export async function partitionEnds(
  admin: Pick<TopicAdmin, 'fetchTopicOffsets'>,
  topic: string,
  partition: number,
): Promise<{ low: number; high: number } | undefined> {
  const ends = (await admin.fetchTopicOffsets(topic)).find((each) => each.partition === partition)
  return ends && { low: Number(ends.low), high: Number(ends.high) }
}
