import type { ProducedTopic } from '../../backbone/kafka/broker-cluster.ts'
import { UnconfirmedError } from './transactional-producer.ts'

/** Offset of the first record that a Produce request stored in a partition. */
export function baseOffsetOf(topics: readonly ProducedTopic[], topic: string, partition: number): number {
  const confirmed = topics
    .find(({ topicName }) => topicName === topic)
    ?.partitions.find((entry) => entry.partition === partition)
  if (!confirmed) throw new UnconfirmedError(`${topic}/${partition} was not confirmed`)
  return Number(confirmed.baseOffset)
}
