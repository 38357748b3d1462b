import { findErrorBy, ProduceAcks, Producer } from '@platformatic/kafka'
import type { RecordHeaders } from '../../backbone/records/record.ts'
import { splitBySize } from '../../processor/kafka/split-by-size.ts'
import {
  type PartitionRecords,
  ProducerFencedError,
  type TransactionalProducer,
  UnconfirmedError,
} from '../../processor/kafka/transactional-producer.ts'

type Transaction = Awaited<ReturnType<Producer['beginTransaction']>>

// Without them the library claims the producer id 0, and is fenced if the transactional id was used before.
const NEW_PRODUCER = { producerId: -1n, producerEpoch: -1 }
const FENCED = ['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED']

export function createOutcomeProducer(brokers: string[], transactionalId: string): TransactionalProducer {
  const producer = new Producer({
    clientId: 'second-client',
    bootstrapBrokers: brokers,
    transactionalId,
    idempotent: true,
    acks: ProduceAcks.ALL,
    retries: 20,
    retryDelay: (_, __, attempt) => Math.min(3 * 2 ** attempt, 100),
  })
  return {
    connect: () => producer.connectToBrokers().then(() => undefined),
    disconnect: () => producer.close(),
    async begin() {
      const transaction = await producer.beginTransaction(NEW_PRODUCER).catch(rejectFenced)
      return {
        async send(partitions) {
          const offsets: number[] = []
          for (const records of partitions) offsets.push(...(await send(transaction, records)))
          return offsets
        },
        commit: () => transaction.commit().catch(rejectFenced),
      }
    },
  }
}

async function send(
  transaction: Transaction,
  { topic, partition, records }: PartitionRecords,
): Promise<number[]> {
  const offsets: number[] = []
  for (const batch of splitBySize(records)) {
    const messages = batch.map(({ key, value, headers }) => ({
      topic,
      partition,
      ...(key === null ? {} : { key: Buffer.from(key) }),
      ...(value === null ? {} : { value: Buffer.from(value) }),
      headers: toHeaderMap(headers),
    }))
    const { offsets: stored = [] } = await transaction.send({ messages }).catch(rejectFenced)
    const confirmed = stored.find((entry) => entry.topic === topic && entry.partition === partition)
    if (!confirmed) throw new UnconfirmedError(`${topic}/${partition} was not confirmed`)
    for (const index of batch.keys()) offsets.push(Number(confirmed.offset) + index)
  }
  return offsets
}

/** The names are Buffers, which a Map compares by identity, so that it can hold several of one name. */
function toHeaderMap(headers: RecordHeaders): Map<Buffer, Buffer> {
  const entries = Object.entries(headers).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values ?? '']).map(
      (value) => [Buffer.from(name), Buffer.from(value)] as const,
    ),
  )
  return new Map(entries)
}

function rejectFenced(error: unknown): never {
  if (error instanceof Error && FENCED.some((apiId) => findErrorBy(error, 'apiId', apiId)))
    throw new ProducerFencedError('a later producer has the transactional id', { cause: error })
  throw error
}
