import type { Broker, BrokerCluster, ProducerIdentity } from '../../backbone/kafka/broker-cluster.ts'
import { TopicError } from '../../backbone/kafka/topic-error.ts'
import { isBusy, isRetriable, type RequestRetries } from './request-retries.ts'

interface CoordinatorOptions {
  cluster: BrokerCluster
  transactionalId: string
  /** After which Kafka aborts an open transaction. */
  timeoutMs: number
  retries: RequestRetries
}

interface TopicPartition {
  topic: string
  partition: number
}

type Request<Result> = (coordinator: Broker) => Promise<Result>

const TYPE_TRANSACTION = 1

/** The broker that coordinates the transactions of one transactional id: it is looked up again only after an error. */
export function createTransactionCoordinator({
  cluster,
  transactionalId,
  timeoutMs,
  retries,
}: CoordinatorOptions) {
  let nodeId: number | undefined

  async function find(): Promise<Broker> {
    if (nodeId !== undefined) return cluster.findBroker({ nodeId })
    await cluster.refreshMetadataIfNecessary()
    const found = await cluster.findGroupCoordinator({
      groupId: transactionalId,
      coordinatorType: TYPE_TRANSACTION,
    })
    nodeId = found.nodeId
    return found
  }

  async function ask<Result>(request: Request<Result>): Promise<Result> {
    try {
      return await request(await find())
    } catch (error) {
      if (!isBusy(error)) nodeId = undefined
      throw error
    }
  }

  async function addPartitions(
    identity: ProducerIdentity,
    partitions: readonly TopicPartition[],
  ): Promise<void> {
    const byTopic = Map.groupBy(partitions, ({ topic }) => topic)
    const topics = Array.from(byTopic, ([topic, ofTopic]) => ({
      topic,
      partitions: ofTopic.map(({ partition }) => partition),
    }))
    try {
      await retries.retry(() =>
        ask((coordinator) => coordinator.addPartitionsToTxn({ ...identity, transactionalId, topics })),
      )
    } catch (error) {
      const [first] = topics
      if (first && topics.length === 1) throw new TopicError('Write', first.topic, error)
      if (isRetriable(error)) throw error
      // One by one, so that the error says which topic it is.
      for (const ofTopic of byTopic.values()) await addPartitions(identity, ofTopic)
    }
  }

  return {
    /** Fences every earlier producer of the transactional id, and aborts its open transaction. */
    initialize: (): Promise<ProducerIdentity> =>
      retries.retry(() =>
        ask(async (coordinator) => {
          const request = { transactionalId, transactionTimeout: timeoutMs }
          const { producerId, producerEpoch } = await coordinator.initProducerId(request)
          return { producerId, producerEpoch }
        }),
      ),

    /** Kafka requires it before anything is written to them. */
    addPartitions,

    /** Without a retry: when it rejects, the outcome of the transaction is unknown. */
    commit: (identity: ProducerIdentity): Promise<unknown> =>
      ask((coordinator) => coordinator.endTxn({ ...identity, transactionalId, transactionResult: true })),
  }
}
