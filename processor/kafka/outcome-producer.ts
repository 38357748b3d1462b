import { createCluster } from '../../backbone/kafka/broker-cluster.ts'
import type { KafkaClient } from '../../backbone/kafka/client.ts'
import { hasErrorType } from '../../backbone/kafka/error-type.ts'
import type { SentRecord } from '../../backbone/kafka/record-bytes.ts'
import { createBatchWriter } from './batch-writer.ts'
import { createRequestRetries } from './request-retries.ts'
import { sendableHeaders } from './sendable-headers.ts'
import { splitBySize } from './split-by-size.ts'
import { createTransactionCoordinator } from './transaction-coordinator.ts'
import {
  type OutcomeTransaction,
  type PartitionRecords,
  ProducerFencedError,
  type TransactionalProducer,
} from './transactional-producer.ts'

const TRANSACTION_TIMEOUT_MS = 10_000
const FENCED: ReadonlySet<unknown> = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED'])

/**
 * A transaction of up to 700 kB for each partition takes three requests, one after the other: AddPartitionsToTxn with all its
 * partitions, Produce to all their leaders at the same time, EndTxn.
 */
export function createOutcomeProducer(kafka: KafkaClient, transactionalId: string): TransactionalProducer {
  const cluster = createCluster(kafka)
  const retries = createRequestRetries(cluster)
  const coordinator = createTransactionCoordinator({
    cluster,
    transactionalId,
    timeoutMs: TRANSACTION_TIMEOUT_MS,
    retries,
  })

  async function initialize() {
    const identity = await coordinator.initialize()
    return { identity, writer: createBatchWriter({ cluster, transactionalId, identity, retries }) }
  }
  let initialized: Awaited<ReturnType<typeof initialize>> | undefined

  async function begin(): Promise<OutcomeTransaction> {
    initialized ??= await initialize()
    const { identity, writer } = initialized
    const added = new Set<string>()

    async function send(partitions: readonly PartitionRecords[]): Promise<number[]> {
      const fresh = partitions.filter(({ topic, partition }) => !added.has(`${topic}/${partition}`))
      if (fresh.length > 0) await coordinator.addPartitions(identity, fresh)
      for (const { topic, partition } of fresh) added.add(`${topic}/${partition}`)

      const batches = partitions.map(({ topic, partition, records }) =>
        splitBySize(records.map(toSendable)).map((batch) => writer.number(topic, partition, batch)),
      )
      const offsets = new Map<object, number>()
      const requests = Math.max(...batches.map(({ length }) => length))
      for (let request = 0; request < requests; request++) {
        const next = batches.flatMap((ofPartition) => ofPartition[request] ?? [])
        const stored = await writer.write(next)
        for (const [index, batch] of next.entries()) offsets.set(batch, stored[index] ?? Number.NaN)
      }
      return batches
        .flat()
        .flatMap((batch) => batch.records.map((_, index) => (offsets.get(batch) ?? Number.NaN) + index))
    }

    return {
      send: (partitions) => send(partitions).catch(rejectFenced),
      commit: async () => void (await coordinator.commit(identity).catch(rejectFenced)),
    }
  }

  return {
    connect: () => cluster.connect(),
    disconnect() {
      retries.stop()
      return cluster.disconnect()
    },
    begin: () => begin().catch(rejectFenced),
  }
}

const toSendable = ({ key, value, headers }: SentRecord): SentRecord => ({
  key,
  value,
  headers: sendableHeaders(headers),
})

function rejectFenced(error: unknown): never {
  if (hasErrorType(error, FENCED))
    throw new ProducerFencedError('a later producer has the transactional id', { cause: error })
  throw error
}
