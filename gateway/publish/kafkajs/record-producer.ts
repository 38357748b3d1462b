import type { Producer } from 'kafkajs'
import { groupAtOnce } from '../../../backbone/kafka/group-at-once.ts'
import { BatchTooLargeError, type RecordProducer } from '../record-producer.ts'
import { baseOffsets } from './base-offsets.ts'

interface ProducerOptions {
  topic: string
  timeoutMs: number
}

const TOO_LARGE = new Set<unknown>(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'])

/** A {@link RecordProducer} from an idempotent one of kafkajs with one request in flight. */
export function toRecordProducer(
  producer: Pick<Producer, 'connect' | 'send' | 'disconnect'>,
  { topic, timeoutMs }: ProducerOptions,
): RecordProducer {
  let lastSend: Promise<unknown> = Promise.resolve()

  return {
    connect: () => producer.connect(),

    async send(records) {
      const messages = records.map(({ partition, key, value, headers }) => ({
        partition,
        key,
        value,
        headers,
      }))
      const response = producer.send({
        topic,
        acks: -1,
        timeout: timeoutMs,
        messages: groupAtOnce(messages),
      })
      lastSend = response
      try {
        return baseOffsets(new Set(messages.map(({ partition }) => partition)), await response)
      } catch (error) {
        // After a rejected batch kafkajs reuses its sequence numbers, so this producer can send the next batch.
        throw isTooLarge(error) ? new BatchTooLargeError(error) : error
      }
    },

    async disconnect() {
      // A send that is in progress would connect it again.
      await lastSend.catch(() => undefined)
      await producer.disconnect()
    },
  }
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && TOO_LARGE.has(error.type)
