import type { TopicAdmin } from '../../backbone/kafka/topic-admin.ts'
import { TopicError } from '../../backbone/kafka/topic-error.ts'

type Admin = Pick<TopicAdmin, 'countPartitions' | 'createPartitions' | 'checkPartitions'>

interface Topics {
  DATA_TOPIC: string
  NOTIFICATIONS_TOPIC: string
}

/** Adds partitions to the topics of checkouts and outcomes that have fewer. Rejects with a {@link TopicError}. */
export const addPartitions = (admin: Admin, topics: Topics, partitions: number): Promise<void> =>
  onSmallerTopics(admin, topics, partitions, admin.createPartitions)

/** Changes nothing, and rejects if Kafka would refuse {@link addPartitions}. */
export const checkAddedPartitions = (admin: Admin, topics: Topics, partitions: number): Promise<void> =>
  onSmallerTopics(admin, topics, partitions, admin.checkPartitions)

async function onSmallerTopics(
  admin: Admin,
  { DATA_TOPIC, NOTIFICATIONS_TOPIC }: Topics,
  partitions: number,
  work: (topic: string, partitions: number) => Promise<void>,
): Promise<void> {
  // First where outcomes go: a record without a partition for its outcome could not be classified.
  for (const topic of [NOTIFICATIONS_TOPIC, DATA_TOPIC]) {
    if ((await admin.countPartitions(topic)) >= partitions) continue
    await work(topic, partitions).catch((error: unknown) => {
      throw new TopicError('Alter', topic, error)
    })
  }
}
