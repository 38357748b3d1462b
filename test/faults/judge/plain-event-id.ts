import { createHash } from 'node:crypto'
import { Partitioners } from 'kafkajs'
import type { StoredCheckout } from '../../../backbone/records/checkout.ts'

const partitionOf = Partitioners.DefaultPartitioner()

/**
 * For a record without the header: the id of its body, with the partition unless it is the customer's home.
 */
export function plainEventId(checkout: StoredCheckout, partition: number, partitions: number): string {
  const id = createHash('sha256').update(JSON.stringify(checkout)).digest('hex').slice(0, 32)
  return partition === homeOf(checkout, partitions) ? id : `${id}-p${partition}`
}

/**
 * Kafka's default choice within the lane: two thirds of the partitions for purchases, the rest for other
 * events.
 */
function homeOf({ id, taps, folio }: StoredCheckout, partitions: number): number {
  const purchases =
    partitions === 1 ? 1 : Math.min(Math.max(1, Math.round((2 * partitions) / 3)), partitions - 1)
  const isPurchase = (taps !== null && taps > 0) || folio !== null
  if (isPurchase || partitions === 1) return within(purchases, id)
  return purchases + within(partitions - purchases, id)
}

function within(count: number, key: string): number {
  const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 0,
    replicas: [],
    isr: [],
  }))
  return partitionOf({ topic: '', partitionMetadata, message: { key, value: null } })
}
