import type { TopicAdmin } from '../../backbone/kafka/topic-admin.ts'

interface Topics {
  DATA_TOPIC: string
  NOTIFICATIONS_TOPIC: string
}

/** Adds partitions to the topics of checkouts and outcomes that have fewer. */
export async function addPartitions(
  admin: Pick<TopicAdmin, 'countPartitions' | 'createPartitions'>,
  { DATA_TOPIC, NOTIFICATIONS_TOPIC }: Topics,
  partitions: number,
): Promise<void> {
  // First where outcomes go: a record without a partition for its outcome could not be classified.
  for (const topic of [NOTIFICATIONS_TOPIC, DATA_TOPIC])
    if ((await admin.countPartitions(topic)) < partitions) await admin.createPartitions(topic, partitions)
}
