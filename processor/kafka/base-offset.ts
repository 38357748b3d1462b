import type { RecordMetadata } from 'kafkajs'
import { UnconfirmedError } from './transactional-producer.ts'

/**
 * Offset of the first record of a send to one partition. kafkajs 2.2.4 resolves also when a partition's leader moves during a
 * retry and it has not sent everything: then the partition is missing from its answer.
 */
export function baseOffsetOf(stored: readonly RecordMetadata[], topic: string, partition: number): number {
  const confirmed = stored.find((entry) => entry.topicName === topic && entry.partition === partition)
  if (confirmed?.errorCode !== 0) throw new UnconfirmedError(`${topic}/${partition} was not confirmed`)
  return Number(confirmed.baseOffset)
}
