import type { ProducerConfig } from 'kafkajs'

interface PublishSettings {
  DATA_TOPIC: string
  QUEUE_MAX_RECORDS: number
  PUBLISH_TIMEOUT_MS: number
}

// Besides their number: that many of the largest would not fit in memory.
const MOST_WAITING_BYTES = 32 * 1024 * 1024

/** See DESIGN.md, The gateway's publisher. */
export const producerSettings = ({ PUBLISH_TIMEOUT_MS }: PublishSettings): ProducerConfig => ({
  idempotent: true,
  maxInFlightRequests: 1,
  allowAutoTopicCreation: false,
  // Together 4.7 s by default: enough for another broker to take a partition over, should it take another controller
  // first, and no longer than anyone waits. Steps are short: the last one must not fall just before there is a leader again.
  retry: {
    initialRetryTime: 100,
    factor: 0.2,
    multiplier: 2,
    maxRetryTime: PUBLISH_TIMEOUT_MS / 10,
    retries: 11,
  },
})

/** Of the producer that only shows whether Kafka would let this process write: see assert-writable.ts. */
export const probeSettings: ProducerConfig = { allowAutoTopicCreation: false, retry: { retries: 0 } }

export const publisherSettings = (config: PublishSettings) => ({
  topic: config.DATA_TOPIC,
  maxWaiting: config.QUEUE_MAX_RECORDS,
  maxWaitingBytes: MOST_WAITING_BYTES,
  timeoutMs: config.PUBLISH_TIMEOUT_MS,
})
