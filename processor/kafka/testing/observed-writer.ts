import { randomUUID } from 'node:crypto'
import { type Broker, createCluster } from '../../../backbone/kafka/broker-cluster.ts'
import type { KafkaClient } from '../../../backbone/kafka/client.ts'
import type { SentRecord } from '../../../backbone/kafka/record-bytes.ts'
import { createBatchWriter, type NumberedBatch } from '../batch-writer.ts'
import { createRequestRetries } from '../request-retries.ts'
import { createTransactionCoordinator } from '../transaction-coordinator.ts'

/** As kafkajs reports a request that a broker has not answered in time. */
const timedOut = () =>
  Object.assign(new Error('the response is lost'), { type: 'REQUEST_TIMED_OUT', retriable: true })

/** A batch writer in transactions of its own, whose Produce requests a test sees, and whose responses it loses. */
export async function openObservedWriter(kafka: KafkaClient) {
  const cluster = createCluster(kafka)
  const requests: string[] = []
  let losing = false

  const observe = (nodeId: string | number, broker: Broker): Broker =>
    Object.assign(Object.create(broker) as Broker, {
      async produce(request: Parameters<Broker['produce']>[0]) {
        const names = request.topicData.flatMap(({ topic, partitions }) =>
          partitions.map(({ partition }) => `${topic}/${partition}`),
        )
        requests.push(`${nodeId}: ${names.join(', ')}`)
        const response = await broker.produce(request)
        if (!losing) return response
        losing = false
        throw timedOut()
      },
    })
  const findBroker = cluster.findBroker.bind(cluster)
  cluster.findBroker = async (node) => observe(node.nodeId, await findBroker(node))

  await cluster.connect()
  const transactionalId = `observed-${randomUUID()}`
  const retries = createRequestRetries(cluster)
  const coordinator = createTransactionCoordinator({ cluster, transactionalId, timeoutMs: 10_000, retries })
  const identity = await coordinator.initialize()
  const writer = createBatchWriter({ cluster, transactionalId, identity, retries })

  return {
    /** Their leaders' ids, and their partitions, in the order in which they were sent. */
    requests,
    number: (topic: string, partition: number, records: SentRecord[]) =>
      writer.number(topic, partition, records),
    /** Adds the partitions to the transaction, and writes the batches. */
    async write(batches: readonly NumberedBatch[]): Promise<number[]> {
      await coordinator.addPartitions(identity, batches)
      return await writer.write(batches)
    },
    commit: () => coordinator.commit(identity),
    /** The broker stores the batches of the next request, and its response does not arrive. */
    loseNextResponse: (): void => {
      losing = true
    },
    async close(): Promise<void> {
      retries.stop()
      await cluster.disconnect()
    },
  }
}
