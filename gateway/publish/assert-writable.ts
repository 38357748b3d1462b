import { disconnectQuietly } from '../../backbone/kafka/disconnect.ts'

interface Probe {
  connect(): Promise<void>
  disconnect(): Promise<void>
  send(record: {
    topic: string
    acks: number
    messages: { partition: number; key: null; value: string }[]
  }): Promise<unknown>
}

// Kafka knows -1, 0 and 1. It looks at the rights first, and refuses any other number before it stores anything.
const NO_SUCH_ACKS = 2

/**
 * Rejects when Kafka would not let this process write to the topic; resolves in every other case. Nothing is written:
 * InitProducerId would not do, since it asks for the right to write to any topic at all (KIP-679). The producer must not
 * be idempotent: kafkajs would refuse `acks` by itself.
 */
export async function assertWritable(producer: Probe, topic: string): Promise<void> {
  try {
    await producer.connect()
    await producer.send({ topic, acks: NO_SUCH_ACKS, messages: [{ partition: 0, key: null, value: '' }] })
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
