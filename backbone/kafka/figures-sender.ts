import { Partitioners, type Producer } from 'kafkajs'
import { keepAdmin } from './admin.ts'
import type { KafkaClient } from './client.ts'
import { disconnectQuietly } from './disconnect.ts'
import { TopicError } from './refusal.ts'
import { createTopicAdmin } from './topic-admin.ts'
import { ensureFiguresTopic } from './topics.ts'

interface FiguresMessage {
  key: string
  value: string
}

/** Writes to the topic of figures; what is lost is lost. */
export interface FiguresSender {
  /**
   * Only one call at a time. The first one, and the first one after a failure, connects, and creates the topic when it is
   * missing. Rejects with any failure: the messages may be stored or not.
   */
  send(messages: readonly FiguresMessage[]): Promise<void>
  /** Not while it sends. */
  close(): Promise<void>
}

interface SenderOptions {
  client: KafkaClient
  topic: string
  /** Resolves when Kafka accepts the connections of this process. */
  admitted: () => Promise<void>
}

/** A failed producer is replaced: kafkajs 2.2.4 may believe for ever that it is connected. */
export function createFiguresSender({ client, topic, admitted }: SenderOptions): FiguresSender {
  let connected: Producer | undefined

  async function connect(): Promise<Producer> {
    await admitted()
    // Not the admin client of the process: it is replaced after a failure, and others are using it.
    const admin = keepAdmin(() => createTopicAdmin(client))
    await admin.use((using) => ensureFiguresTopic(using, topic))
    await admin.close()
    const producer = client.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 0 },
    })
    try {
      await producer.connect()
      return producer
    } catch (error) {
      await disconnectQuietly(producer)
      throw error
    }
  }

  async function discard(): Promise<void> {
    const producer = connected
    connected = undefined
    if (producer) await disconnectQuietly(producer)
  }

  return {
    async send(messages) {
      connected ??= await connect()
      try {
        await connected.send({
          topic,
          acks: 1,
          messages: messages.map((message) => ({ ...message, partition: 0 })),
        })
      } catch (error) {
        // The send has ended: one in progress would connect the producer again.
        await discard()
        throw new TopicError('Write', topic, error)
      }
    },
    close: discard,
  }
}
