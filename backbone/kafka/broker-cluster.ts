import type { KafkaClient } from './client.ts'
import type { FetchedRecord } from './decode-record-set.ts'
import type { SentRecord } from './record-bytes.ts'

/** What InitProducerId responds: from then on Kafka refuses an earlier identity of the same transactional id. */
export interface ProducerIdentity {
  producerId: string
  producerEpoch: number
}

/** A record batch of a Produce request. */
interface BatchData {
  partition: number
  firstSequence: number
  messages: readonly SentRecord[]
}

/** Of a Produce response. kafkajs represents offsets as decimal digits. */
export interface ProducedTopic {
  topicName: string
  partitions: readonly { partition: number; baseOffset: string }[]
}

/** Of a Fetch response. */
interface FetchedPartition {
  lastStableOffset: string
  messages: readonly FetchedRecord[]
}

interface FetchRequest {
  isolationLevel: 1
  maxWaitTime: number
  minBytes: number
  maxBytes: number
  topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[]
}

type Transactional<Fields> = ProducerIdentity & { transactionalId: string } & Fields

/** A connected broker. A method rejects with the first error of the response, which does not say its topic. */
export interface Broker {
  initProducerId(request: { transactionalId: string; transactionTimeout: number }): Promise<ProducerIdentity>
  addPartitionsToTxn(
    request: Transactional<{ topics: { topic: string; partitions: number[] }[] }>,
  ): Promise<unknown>
  produce(
    request: Transactional<{ acks: -1; topicData: { topic: string; partitions: BatchData[] }[] }>,
  ): Promise<{ topics: readonly ProducedTopic[] }>
  endTxn(request: Transactional<{ transactionResult: boolean }>): Promise<unknown>
  fetch(request: FetchRequest): Promise<{ responses: readonly { partitions: readonly FetchedPartition[] }[] }>
}

/** The brokers, their connections, and which of them leads a partition. */
export interface BrokerCluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  isConnected(): boolean
  addMultipleTargetTopics(topics: string[]): Promise<void>
  refreshMetadata(): Promise<void>
  refreshMetadataIfNecessary(): Promise<void>
  findLeaderForPartitions(topic: string, partitions: number[]): Record<string, number[]>
  findBroker(node: { nodeId: string | number }): Promise<Broker>
  findGroupCoordinator(of: { groupId: string; coordinatorType: number }): Promise<Broker & { nodeId: number }>
  /** After its connection was closed: its address may have changed. */
  removeBroker(broker: { host: string; port: number }): void
}

// As kafkajs sets it for its producers. A leader that moved is found at once, by the error of the former one.
const METADATA_MAX_AGE_MS = 300_000

const CREATE_CLUSTER = 'private:Kafka:createCluster'

/**
 * The part of kafkajs 2.2.4 below its producer, which kafkajs does not export. A transaction of its producer asks for the
 * coordinator before every request, and names and writes one topic after the other; when it sends to several brokers at
 * once and one of them fails, it may store the records of the others twice. Its consumer hides when a fetch began that found
 * nothing new, and joins a group first.
 */
export function createCluster(kafka: KafkaClient): BrokerCluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === CREATE_CLUSTER)
  const create = symbol && (kafka as unknown as Record<symbol, (options: object) => BrokerCluster>)[symbol]
  if (!create) throw new Error('this version of kafkajs creates its clusters in another way')
  return create({ allowAutoTopicCreation: false, metadataMaxAge: METADATA_MAX_AGE_MS })
}
