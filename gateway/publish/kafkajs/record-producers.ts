import { Partitioners, type ProducerConfig } from 'kafkajs'
import type { KafkaClient } from '../../../backbone/kafka/client.ts'
import type { RecordProducers } from '../record-producer.ts'
import { assertWritable } from './assert-writable.ts'
import { toRecordProducer } from './record-producer.ts'

interface ProducerSettings {
  DATA_TOPIC: string
  PUBLISH_TIMEOUT_MS: number
}

/** See docs/explanation/architecture.md, One request in flight. */
export function createRecordProducers(
  client: KafkaClient,
  { DATA_TOPIC: topic, PUBLISH_TIMEOUT_MS: timeoutMs }: ProducerSettings,
): RecordProducers {
  const create = (config: ProducerConfig) =>
    client.producer({
      ...config,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    })
  return {
    createProducer: () =>
      toRecordProducer(
        create({ idempotent: true, maxInFlightRequests: 1, retry: untilLeaderMoved(timeoutMs) }),
        { topic, timeoutMs },
      ),
    // kafkajs refuses the `acks` of this request when a producer is idempotent.
    assertWritable: () => assertWritable(create({ idempotent: false, retry: { retries: 0 } }), topic),
  }
}

/**
 * Together 4.7 s by default: enough for another broker to take a partition over, should it take another controller first,
 * and no longer than clients wait. Steps are short: the last one must not fall just before there is a leader again.
 */
const untilLeaderMoved = (timeoutMs: number) => ({
  initialRetryTime: 100,
  factor: 0.2,
  multiplier: 2,
  maxRetryTime: timeoutMs / 10,
  retries: 11,
})
