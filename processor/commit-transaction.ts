import type { Producer, TopicMessages } from 'kafkajs'

/** What is used of a transactional kafkajs producer. */
export type OutcomeProducer = Pick<Producer, 'connect' | 'disconnect' | 'transaction'>

/** Kafka did not say that all of a transaction is stored. */
export class UnconfirmedError extends Error {
  override readonly name = 'UnconfirmedError'
}

/**
 * One transaction; all messages of the first topic go to `partition`. Resolves, once it is committed, with the offset of
 * the first of them. When it rejects, what became of it is unknown: the producer must be dropped, and the partition
 * claimed anew.
 */
export async function commitTransaction(
  producer: OutcomeProducer,
  partition: number,
  topicMessages: TopicMessages[],
): Promise<number> {
  const transaction = await producer.transaction()
  const stored = await transaction.sendBatch({ topicMessages, acks: -1 })
  // When a partition's leader moves during a retry, kafkajs leaves out what it had not sent yet and resolves all the same.
  for (const { topic, messages } of topicMessages) {
    for (const sent of new Set(messages.map((message) => message.partition))) {
      const confirmed = stored.some(
        ({ topicName, partition: to, errorCode }) => topicName === topic && to === sent && errorCode === 0,
      )
      if (!confirmed) throw new UnconfirmedError(`${topic}/${sent} was not confirmed`)
    }
  }
  await transaction.commit()
  const first = stored.find(
    ({ topicName, partition: to }) => topicName === topicMessages[0]?.topic && to === partition,
  )
  return Number(first?.baseOffset)
}
