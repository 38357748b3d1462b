import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs'
import { brokers, groupId, input, output, sayReady } from './copy-job.ts'

// The cost of exactly-once with kafkajs alone: each batch is copied to the other topic in a transaction with
// its offsets.

const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING })
const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 250, maxBytesPerPartition: 1_048_576 })
const producers = new Map<number, Promise<Producer>>()

async function connect(partition: number): Promise<Producer> {
  const producer = kafka.producer({
    transactionalId: `${groupId}-${partition}`,
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
    // Like the processor: by default each transaction waits 300 ms for the previous one.
    retry: { initialRetryTime: 3, maxRetryTime: 100, retries: 20 },
  })
  await producer.connect()
  return producer
}

await consumer.connect()
await consumer.subscribe({ topic: input, fromBeginning: true })
await consumer.run({
  autoCommit: false,
  eachBatchAutoResolve: false,
  partitionsConsumedConcurrently: 6,
  async eachBatch(payload) {
    const { batch } = payload
    const { partition } = batch
    const producer = producers.get(partition) ?? connect(partition)
    producers.set(partition, producer)
    const transaction = await (await producer).transaction()
    const messages = batch.messages.map(({ key, value }) => ({ key, value, partition }))
    await transaction.send({ topic: output, messages })
    const offset = String(Number(batch.lastOffset()) + 1)
    await transaction.sendOffsets({
      consumerGroupId: groupId,
      topics: [{ topic: input, partitions: [{ partition, offset }] }],
    })
    await transaction.commit()
    payload.resolveOffset(batch.lastOffset())
    await payload.heartbeat()
  },
})
sayReady()
