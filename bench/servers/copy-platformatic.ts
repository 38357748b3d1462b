import { Consumer, type Message, MessagesStreamModes, ProduceAcks, Producer } from '@platformatic/kafka'
import { brokers, groupId, input, output, sayReady } from './copy-job.ts'

// Like bare-copy.ts, with @platformatic/kafka, which delivers single messages: they are collected by
// partition.

const MOST_WAITING = 10_000
const MOST_A_TRANSACTION = 2_500

const consumer = new Consumer({ clientId: 'bench', groupId, bootstrapBrokers: brokers, maxWaitTime: 250 })
const stream = await consumer.consume({
  topics: [input],
  mode: MessagesStreamModes.EARLIEST,
  autocommit: false,
  highWaterMark: MOST_A_TRANSACTION,
})

const waiting = new Map<number, Message[]>()
const copying = new Set<number>()
const producers = new Map<number, Producer>()
let count = 0

function producerOf(partition: number): Producer {
  const producer =
    producers.get(partition) ??
    new Producer({
      clientId: 'bench',
      bootstrapBrokers: brokers,
      transactionalId: `${groupId}-${partition}`,
      idempotent: true,
      acks: ProduceAcks.ALL,
      // Like bare-copy.ts: by default each transaction waits a second for the previous one.
      retries: 20,
      retryDelay: (_, __, attempt) => Math.min(3 * 2 ** attempt, 100),
    })
  producers.set(partition, producer)
  return producer
}

async function copy(partition: number): Promise<void> {
  copying.add(partition)
  const queue = waiting.get(partition) ?? []
  while (queue.length > 0) {
    const batch = queue.splice(0, MOST_A_TRANSACTION)
    const transaction = await producerOf(partition).beginTransaction()
    await transaction.send({
      messages: batch.map(({ key, value }) => ({ topic: output, key, value, partition })),
    })
    await transaction.addConsumer(consumer)
    const last = batch.at(-1)
    if (last) await transaction.addOffset(last)
    await transaction.commit()
    count -= batch.length
    if (count < MOST_WAITING) stream.resume()
  }
  copying.delete(partition)
}

stream.on('data', (message) => {
  const { partition } = message
  const queue = waiting.get(partition) ?? []
  waiting.set(partition, queue)
  queue.push(message)
  if (++count >= MOST_WAITING) stream.pause()
  if (!copying.has(partition)) copy(partition).catch(fail)
})
stream.on('error', fail)

function fail(error: unknown): never {
  console.error(error)
  process.exit(1)
}

sayReady()
