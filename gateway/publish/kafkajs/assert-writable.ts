import type { Producer } from 'kafkajs'
import { disconnectQuietly } from '../../../backbone/kafka/disconnect.ts'
import { hasErrorType } from '../../../backbone/kafka/error-type.ts'

// Kafka knows -1, 0 and 1. It checks the rights first, and rejects any other number before it stores anything.
const INVALID_ACKS = 2
const DENIED: ReadonlySet<unknown> = new Set(['TOPIC_AUTHORIZATION_FAILED'])

/**
 * Rejects when Kafka would not let this process write to the topic; resolves in every other case. Nothing is written.
 * InitProducerId would not show it: the right to write to some other topic is enough for it (KIP-679).
 */
export async function assertWritable(
  producer: Pick<Producer, 'connect' | 'send' | 'disconnect'>,
  topic: string,
): Promise<void> {
  try {
    await producer.connect()
    await producer.send({ topic, acks: INVALID_ACKS, messages: [{ partition: 0, key: null, value: '' }] })
  } catch (error) {
    if (hasErrorType(error, DENIED)) throw error
  } finally {
    await disconnectQuietly(producer)
  }
}
