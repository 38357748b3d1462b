import type { KafkaClient } from './client.ts'
import { createTopicSender, type TopicSender } from './topic-sender.ts'
import { ensureHistoryTopic } from './topics.ts'

/** Writes to the topic of the history. Its keys begin with DATA_TOPIC, so that several systems may share it. */
export const createHistorySender = (client: KafkaClient, topic: string): TopicSender =>
  createTopicSender(client, { topic, ensure: ensureHistoryTopic, headers: {}, acks: -1 })
