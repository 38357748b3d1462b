import { Partitioners, type Transaction } from 'kafkajs'
import type { KafkaClient } from '../../backbone/kafka/client.ts'
import { hasErrorType } from '../../backbone/kafka/error-type.ts'
import { groupAtOnce } from '../../backbone/kafka/group-at-once.ts'
import { TopicError } from '../../backbone/kafka/topic-error.ts'
import { baseOffsetOf } from './base-offset.ts'
import { sendableHeaders } from './sendable-headers.ts'
import { splitBySize } from './split-by-size.ts'
import {
  type PartitionRecords,
  ProducerFencedError,
  type TransactionalProducer,
} from './transactional-producer.ts'

const TRANSACTION_TIMEOUT_MS = 10_000
const FENCED: ReadonlySet<unknown> = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED'])

export function createOutcomeProducer(kafka: KafkaClient, transactionalId: string): TransactionalProducer {
  const producer = kafka.producer({
    transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: TRANSACTION_TIMEOUT_MS,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    // A transaction often begins before Kafka has completed the previous one (CONCURRENT_TRANSACTIONS), and is retried. The
    // default back-off of 300 ms would be too long.
    retry: { initialRetryTime: 3, maxRetryTime: 100, retries: 20 },
  })
  return {
    connect: () => producer.connect(),
    disconnect: () => producer.disconnect(),
    async begin() {
      const transaction = await producer.transaction().catch(rejectFenced)
      return {
        send: (records) => send(transaction, records),
        commit: () => transaction.commit().catch(rejectFenced),
      }
    },
  }
}

async function send(
  transaction: Pick<Transaction, 'send'>,
  { topic, partition, records }: PartitionRecords,
): Promise<number[]> {
  const offsets: number[] = []
  const messages = records.map(({ key, value, headers }) => ({
    key,
    value,
    headers: sendableHeaders(headers),
    partition,
  }))
  for (const batch of splitBySize(messages)) {
    const stored = await transaction
      .send({ topic, acks: -1, messages: groupAtOnce(batch) })
      .catch(rejectFenced)
      .catch((error: unknown) => {
        throw error instanceof ProducerFencedError ? error : new TopicError('Write', topic, error)
      })
    const first = baseOffsetOf(stored, topic, partition)
    for (const index of batch.keys()) offsets.push(first + index)
  }
  return offsets
}

function rejectFenced(error: unknown): never {
  if (hasErrorType(error, FENCED))
    throw new ProducerFencedError('a later producer has the transactional id', { cause: error })
  throw error
}
