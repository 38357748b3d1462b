import type { Producer } from 'kafkajs'
import { disconnectQuietly } from '../../../backbone/kafka/disconnect.ts'

// Kafka knows -1, 0 and 1. It checks the rights first, and rejects any other number before it stores anything.
const INVALID_ACKS = 2

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
    if (isRefusal(error)) throw error
  } finally {
    await disconnectQuietly(producer)
  }
}

function isRefusal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  if ('type' in error && error.type === 'TOPIC_AUTHORIZATION_FAILED') return true
  return 'cause' in error && isRefusal(error.cause)
}
