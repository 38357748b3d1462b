import type { RecordsBatch } from '@platformatic/kafka'

// Kafka protocol, Record Batch: attributes.
const IS_TRANSACTIONAL = 0b1_0000
const IS_CONTROL = 0b10_0000
// Its key: the version, then the type, each of two bytes.
const TYPE_AT = 2
const COMMIT = 1

/** The batches of a partition, in their order, that are in no transaction or in a committed one. */
export function withoutAborted(batches: readonly RecordsBatch[]): RecordsBatch[] {
  const open = new Map<bigint, RecordsBatch[]>()
  const committed: RecordsBatch[] = []
  for (const batch of batches) {
    const { attributes, producerId } = batch
    if ((attributes & IS_CONTROL) !== 0) {
      const isCommit = batch.records[0]?.key?.readInt16BE(TYPE_AT) === COMMIT
      if (isCommit) committed.push(...(open.get(producerId) ?? []))
      open.delete(producerId)
    } else if ((attributes & IS_TRANSACTIONAL) !== 0) {
      open.set(producerId, [...(open.get(producerId) ?? []), batch])
    } else committed.push(batch)
  }
  return committed.toSorted((a, b) => Number(a.firstOffset - b.firstOffset))
}
