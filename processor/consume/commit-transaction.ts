import type { Message, Producer } from 'kafkajs'
import { TopicError } from '../../backbone/kafka/refusal.ts'
import { within } from '../../backbone/process/with-timeout.ts'

/** What is used of a transactional kafkajs producer. */
export type OutcomeProducer = Pick<Producer, 'connect' | 'disconnect' | 'transaction'>

/** Messages for one partition, and thereby for one broker. */
export interface PartitionMessages {
  topic: string
  partition: number
  messages: Required<Pick<Message, 'key' | 'value' | 'headers'>>[]
}

/** Kafka did not say that all of a transaction is stored. */
export class UnconfirmedError extends Error {
  override readonly name = 'UnconfirmedError'
}

// kafkajs goes on with a broker that is frozen for half a minute, however long another one leads: each connection waits for
// it anew. Whoever claims the partition begins with a broker that answers.
const LONGEST_MS = 6_000

/**
 * One transaction; resolves, once it is committed, with the offset of each message, in their order. When it rejects, what
 * became of it is unknown: the producer must be dropped, and the partition claimed anew. It rejects when it takes too long.
 *
 * Batches are sent one after the other. In one `sendBatch` to several brokers kafkajs 2.2.4 does not wait for one
 * of them when another has to be asked again: it sends to both again, and what the first had taken is there twice.
 */
export const commitTransaction = (
  producer: OutcomeProducer,
  batches: readonly PartitionMessages[],
): Promise<number[]> => within(LONGEST_MS, commit(producer, batches))

async function commit(producer: OutcomeProducer, batches: readonly PartitionMessages[]): Promise<number[]> {
  const transaction = await producer.transaction()
  const offsets: number[] = []
  for (const { topic, partition, messages } of batches) {
    const stored = await transaction
      .send({
        topic,
        acks: -1,
        messages: messages.map(({ key, value, headers }) => ({ key, value, headers, partition })),
      })
      .catch((error: unknown) => {
        throw new TopicError('Write', topic, error)
      })
    // When a partition's leader moves during a retry, kafkajs leaves out what it had not sent yet and resolves all the same.
    const confirmed = stored.find((entry) => entry.topicName === topic && entry.partition === partition)
    if (confirmed?.errorCode !== 0) throw new UnconfirmedError(`${topic}/${partition} was not confirmed`)
    const first = Number(confirmed.baseOffset)
    for (const index of messages.keys()) offsets.push(first + index)
  }
  await transaction.commit()
  return offsets
}
