import { readFileSync } from 'node:fs'
import { Producer, stringSerializers } from '@platformatic/kafka'
import type { KafkaSettings } from '../../backbone/kafka/client.ts'
import {
  BatchTooLargeError,
  type RecordProducer,
  type RecordProducers,
} from '../../gateway/publish/record-producer.ts'

interface ProducerSettings extends KafkaSettings {
  DATA_TOPIC: string
  PUBLISH_TIMEOUT_MS: number
}

type StringProducer = Producer<string, string, string, string>

const RETRY_DELAY_MS = 200
// Kafka checks the rights first, and rejects such a number before it stores anything.
const INVALID_ACKS = 2

/** The gateway's producers with another client library: proves that their interface does not depend on kafkajs. */
export function createPlatformaticProducers(settings: ProducerSettings): RecordProducers {
  const { DATA_TOPIC: topic, PUBLISH_TIMEOUT_MS: timeout } = settings
  const create = (idempotent: boolean, retries: number) =>
    new Producer({
      clientId: 'platformatic',
      bootstrapBrokers: settings.KAFKA_BROKERS,
      serializers: stringSerializers,
      autocreateTopics: false,
      idempotent,
      timeout,
      retries,
      retryDelay: RETRY_DELAY_MS,
      ...saslOptions(settings),
    })
  return {
    createProducer: () => toRecordProducer(create(true, timeout / RETRY_DELAY_MS), topic),
    assertWritable: () => assertWritable(create(false, 0), topic),
  }
}

function toRecordProducer(producer: StringProducer, topic: string): RecordProducer {
  let lastSend: Promise<unknown> = Promise.resolve()
  return {
    async connect() {
      await producer.initIdempotentProducer({}).catch(rethrow)
    },
    async send(records) {
      const sent = producer.send({ messages: records.map((record) => ({ topic, ...record })) })
      lastSend = sent
      const { offsets = [] } = await sent.catch(rethrow)
      return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]))
    },
    async disconnect() {
      await lastSend.catch(() => undefined)
      await producer.close()
    },
  }
}

async function assertWritable(producer: StringProducer, topic: string): Promise<void> {
  try {
    await producer.send({ acks: INVALID_ACKS, messages: [{ topic, partition: 0, value: '' }] })
  } catch (error) {
    if (kafkaNamesOf(error).includes('TOPIC_AUTHORIZATION_FAILED')) rethrow(error)
  } finally {
    await producer.close()
  }
}

/** With Kafka's name of the error as `type`: see record-producer.ts. */
function rethrow(error: unknown): never {
  const [type] = kafkaNamesOf(error)
  if (type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE') throw new BatchTooLargeError(error)
  throw Object.assign(new Error(String(error), { cause: error }), { type })
}

function kafkaNamesOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return []
  const { apiId, errors = [], cause } = error as { apiId?: string; errors?: unknown[]; cause?: unknown }
  return [...(apiId === undefined ? [] : [apiId]), ...[...errors, cause].flatMap(kafkaNamesOf)]
}

function saslOptions({ KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD_FILE: file }: KafkaSettings) {
  if (username === undefined || file === undefined) return {}
  return { sasl: { mechanism: 'PLAIN' as const, username, password: readFileSync(file, 'utf8').trim() } }
}
