import { type AwaitOptions, awaitTopics } from '../../backbone/kafka/await-topics.ts'
import { preferredLeaders } from '../../backbone/kafka/preferred-leaders.ts'
import { ensureDataTopic, type TopicSettings } from '../../backbone/kafka/topics.ts'

/** Resolves when DataTopic is there, with its partitions. Creates it if it is missing. */
export const openDataTopic = (config: TopicSettings, asking: AwaitOptions) =>
  awaitTopics(async (admin) => {
    const count = await ensureDataTopic(admin, config)
    return { count, leaders: await preferredLeaders(admin, config.DATA_TOPIC) }
  }, asking)

/** Resolves with the preferred leader of each partition, once the broker that is asked knows so many. */
export const findDataLeaders = (topic: string, partitions: number, asking: AwaitOptions) =>
  awaitTopics(async (admin) => {
    const leaders = await preferredLeaders(admin, topic)
    if (leaders.length >= partitions) return leaders
    throw new Error(`${topic} has ${leaders.length} of ${partitions} partitions`)
  }, asking)
