import type { BrokerCluster, ProducerIdentity } from '../../backbone/kafka/broker-cluster.ts'
import type { SentRecord } from '../../backbone/kafka/record-bytes.ts'
import { TopicError } from '../../backbone/kafka/topic-error.ts'
import { baseOffsetOf } from './base-offset.ts'
import type { RequestRetries } from './request-retries.ts'

interface WriterOptions {
  cluster: BrokerCluster
  transactionalId: string
  identity: ProducerIdentity
  retries: RequestRetries
}

/** A record batch of one partition. Its sequence number is for ever: however often it is sent, Kafka stores it once. */
export interface NumberedBatch {
  readonly topic: string
  readonly partition: number
  readonly records: SentRecord[]
  readonly firstSequence: number
}

const ALL_IN_SYNC = -1
const SEQUENCE_NUMBERS = 2 ** 31

/** Writes the record batches of one producer, as long as its identity is valid. */
export function createBatchWriter({ cluster, transactionalId, identity, retries }: WriterOptions) {
  const nextSequences = new Map<string, number>()
  const leaderOf = ({ topic, partition }: NumberedBatch): string =>
    // A broker without a name is not found either, and the leaders are asked for again.
    Object.keys(cluster.findLeaderForPartitions(topic, [partition]))[0] ?? ''

  /** To their leader, in one request. */
  async function produce(nodeId: string, batches: readonly NumberedBatch[]): Promise<number[]> {
    const broker = await cluster.findBroker({ nodeId })
    const topicData = Array.from(
      Map.groupBy(batches, ({ topic }) => topic),
      ([topic, ofTopic]) => ({
        topic,
        partitions: ofTopic.map(({ partition, firstSequence, records }) => ({
          partition,
          firstSequence,
          messages: records,
        })),
      }),
    )
    const { topics } = await broker.produce({ ...identity, transactionalId, acks: ALL_IN_SYNC, topicData })
    return batches.map(({ topic, partition }) => baseOffsetOf(topics, topic, partition))
  }

  /** Resolves with the offsets that are known afterwards. */
  async function produceTogether(batches: readonly NumberedBatch[]): Promise<Map<NumberedBatch, number>> {
    const offsets = new Map<NumberedBatch, number>()
    const requests = Map.groupBy(batches, leaderOf)
    await Promise.allSettled(
      Array.from(requests, async ([leader, ofLeader]) => {
        const stored = await produce(leader, ofLeader)
        for (const [index, batch] of ofLeader.entries()) offsets.set(batch, stored[index] ?? Number.NaN)
      }),
    )
    return offsets
  }

  async function produceAlone(batch: NumberedBatch): Promise<number> {
    try {
      const [offset = Number.NaN] = await retries.retry(() => produce(leaderOf(batch), [batch]))
      return offset
    } catch (error) {
      throw new TopicError('Write', batch.topic, error)
    }
  }

  return {
    /** Call it in the order in which the batches are written. */
    number(topic: string, partition: number, records: SentRecord[]): NumberedBatch {
      const key = `${topic}/${partition}`
      const firstSequence = nextSequences.get(key) ?? 0
      nextSequences.set(key, (firstSequence + records.length) % SEQUENCE_NUMBERS)
      return { topic, partition, records, firstSequence }
    },

    /**
     * Writes batches of different partitions: one request for each leader, at the same time. What a leader has not
     * confirmed then is sent again, batch by batch, so that the error says which topic it is. Resolves with the offset of
     * each batch's first record.
     */
    async write(batches: readonly NumberedBatch[]): Promise<number[]> {
      await cluster.addMultipleTargetTopics([...new Set(batches.map(({ topic }) => topic))])
      await cluster.refreshMetadataIfNecessary()
      const offsets = await produceTogether(batches)
      for (const batch of batches) if (!offsets.has(batch)) offsets.set(batch, await produceAlone(batch))
      return batches.map((batch) => offsets.get(batch) ?? Number.NaN)
    },
  }
}
