import { randomBytes } from 'node:crypto'
import type { Message } from 'kafkajs'
import type { ClassifiedKind } from '../backbone/records/outcome.ts'
import { homePartition, laneOf } from '../backbone/records/partition.ts'
import { boughtQuickly } from './sample-checkouts.ts'

const facts: Record<ClassifiedKind, { taps: number | null; folio: boolean }> = {
  quick: { taps: 17.8, folio: true },
  slow: { taps: 44.5, folio: true },
  none: { taps: null, folio: false },
  unverified: { taps: 12, folio: false },
}

export const checkoutKinds = Object.keys(facts) as ClassifiedKind[]

/** A checkout of a new customer that will be classified as `kind`; `number` is in its folio. */
export function checkoutOf(kind: ClassifiedKind, number: number) {
  const { taps, folio } = facts[kind]
  return {
    ...boughtQuickly,
    id: randomBytes(12).toString('hex'),
    taps,
    folio: folio ? `SRZ-${String(number % 10_000).padStart(4, '0')}` : null,
  }
}

/** The last of each partition. When these are classified, all are: each partition keeps the order of sending. */
export function lastOfEachPartition<R extends { partition?: number }>(records: readonly R[]): R[] {
  return [...new Map(records.map((record) => [record.partition, record])).values()]
}

/** The record that the gateway would write, with its own event id. */
export function recordOf(
  checkout: ReturnType<typeof checkoutOf>,
  partitions: number,
): Message & { eventId: string } {
  const eventId = randomBytes(16).toString('hex')
  return {
    eventId,
    key: checkout.id,
    value: JSON.stringify(checkout),
    partition: homePartition(checkout.id, laneOf(checkout), partitions),
    headers: { 'event-id': eventId, 'received-at': new Date().toISOString() },
  }
}
