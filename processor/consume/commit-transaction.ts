import { within } from '../../backbone/process/with-timeout.ts'
import type { PartitionRecords, TransactionalProducer } from '../kafka/transactional-producer.ts'

// A producer may wait half a minute for a frozen broker, however long another one leads. The next producer of the partition
// starts with a broker that answers.
export const LONGEST_TRANSACTION_MS = 6_000

/**
 * One transaction. Resolves, once it is committed, with the offset of each record, in their order. When it rejects, its
 * outcome is unknown: the producer must be discarded, and the partition claimed again. It rejects when it takes too long.
 */
export const commitTransaction = (
  producer: TransactionalProducer,
  batches: readonly PartitionRecords[],
): Promise<number[]> => within(LONGEST_TRANSACTION_MS, commit(producer, batches))

async function commit(
  producer: TransactionalProducer,
  batches: readonly PartitionRecords[],
): Promise<number[]> {
  const transaction = await producer.begin()
  const offsets = await transaction.send(batches)
  await transaction.commit()
  return offsets
}
