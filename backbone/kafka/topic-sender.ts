import { Partitioners, type Producer } from 'kafkajs'
import { within } from '../process/with-timeout.ts'
import { keepAdmin } from './admin.ts'
import type { KafkaClient } from './client.ts'
import { disconnectQuietly } from './disconnect.ts'
import { createTopicAdmin, type TopicAdmin } from './topic-admin.ts'
import { TopicError } from './topic-error.ts'

interface TopicMessage {
  key: string
  /** Null removes the record before with the same key. */
  value: string | null
}

/** Writes to a topic of one partition, aside from the path of a checkout. */
export interface TopicSender {
  /**
   * All of them or none. Only one call at a time. The first one, and the first one after a failure, connects, and creates
   * the topic when it is missing. Rejects with any failure: the messages may be stored or not.
   */
  send(messages: readonly TopicMessage[]): Promise<void>
  /** Not while it sends. */
  close(): Promise<void>
}

interface SenderOptions {
  topic: string
  /** Creates it when it is missing. */
  ensure: (admin: TopicAdmin, topic: string) => Promise<void>
  headers: Record<string, string>
  /** 1: the leader has the records; -1: all in-sync replicas have them. */
  acks: 1 | -1
}

const LONGEST_MS = 15_000

/** A failed producer is replaced: kafkajs 2.2.4 may believe for ever that it is connected. */
export function createTopicSender(
  client: KafkaClient,
  { topic, ensure, headers, acks }: SenderOptions,
): TopicSender {
  let connection: Promise<Producer> | undefined

  async function connect(): Promise<Producer> {
    // Not the admin client of the process: it is replaced after a failure, and others are using it.
    const admin = keepAdmin(() => createTopicAdmin(client))
    await admin.use((connected) => ensure(connected, topic))
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

  async function write(producer: Producer, messages: readonly TopicMessage[]): Promise<void> {
    try {
      await producer.send({
        topic,
        acks,
        messages: messages.map((message) => ({ ...message, headers, partition: 0 })),
      })
    } catch (error) {
      throw new TopicError('Write', topic, error)
    }
  }

  return {
    async send(messages) {
      connection ??= connect()
      const connecting = connection
      const written = connecting.then((producer) => write(producer, messages))
      try {
        await within(LONGEST_MS, written)
      } catch (error) {
        connection = undefined
        // Not before the send has ended: it would connect the producer again.
        void written.catch(() => undefined).then(() => connecting.then(disconnectQuietly, () => undefined))
        throw error
      }
    },
    async close() {
      await connection?.then(disconnectQuietly)
    },
  }
}
