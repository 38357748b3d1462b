import { header } from '../records/headers.ts'
import type { KafkaClient } from './client.ts'
import { createTopicSender, type TopicSender } from './topic-sender.ts'
import { ensureFiguresTopic, type TopicSettings } from './topics.ts'

interface FiguresMessage {
  key: string
  value: string
}

/** Writes to the topic of figures; what is lost is lost. */
export interface FiguresSender extends Pick<TopicSender, 'close'> {
  /** See {@link TopicSender}. */
  send(messages: readonly FiguresMessage[]): Promise<void>
}

export const createFiguresSender = (
  client: KafkaClient,
  { FIGURES_TOPIC: topic, DATA_TOPIC }: Pick<TopicSettings, 'FIGURES_TOPIC' | 'DATA_TOPIC'>,
): FiguresSender =>
  createTopicSender(client, {
    topic,
    ensure: ensureFiguresTopic,
    headers: { [header.dataTopic]: DATA_TOPIC },
    acks: 1,
  })
