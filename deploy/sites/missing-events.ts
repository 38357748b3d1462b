import { hash } from 'node:crypto'
import type { Homes } from '../../backbone/layout/homes.ts'
import { type Lane, lanePartitions } from '../../backbone/records/partition.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import { InvalidRecord, readRecord } from '../../processor/classify/read-record.ts'
import { receivedAt } from '../../processor/classify/received-at.ts'

/** An event of one site that the other does not have. */
export interface MissingEvent {
  eventId: string
  partition: number
  /** Undefined if the record has no usable time. */
  receivedAt: Date | undefined
}

/**
 * Finds events without their offsets, which differ between the sites. A record that is no checkout has no event id: it is
 * found by its bytes.
 */
export function createEventComparison(homes: Homes) {
  const missing = new Map<string, MissingEvent>()

  const idOf = (partition: number, record: StoredRecord): string => {
    const read = readRecord(record, partition, homes)
    if (!(read instanceof InvalidRecord)) return read.eventId
    return `invalid ${hash('sha256', record.value ?? '')}`
  }

  return {
    /** A record of the site that was lost: all of them first. */
    accepted: (partition: number, record: StoredRecord): void => {
      const eventId = idOf(partition, record)
      // A repetition has a later time.
      if (!missing.has(eventId)) missing.set(eventId, { eventId, partition, receivedAt: receivedAt(record) })
    },

    /** A record of the other site. */
    arrived: (partition: number, record: StoredRecord): void => {
      missing.delete(idOf(partition, record))
    },

    missing: (): MissingEvent[] => [...missing.values()],
  }
}

/** Lines without personal data. */
export function formatMissing(missing: readonly MissingEvent[], partitions: number): string[] {
  const byPartition = Map.groupBy(missing, ({ partition }) => partition)
  const counts = [...byPartition.keys()]
    .toSorted((one, other) => one - other)
    .map(
      (partition) =>
        `partition ${partition} (${laneAt(partition, partitions)}): ${byPartition.get(partition)?.length}`,
    )
  const events = missing
    .toSorted((one, other) => Number(one.receivedAt ?? 0) - Number(other.receivedAt ?? 0))
    .map(({ eventId, partition, receivedAt: at }) => `${eventId} ${at?.toISOString() ?? '-'} ${partition}`)
  return [`missing: ${missing.length}`, ...counts, ...events]
}

function laneAt(partition: number, partitions: number): Lane {
  const { first, count } = lanePartitions('purchase', partitions)
  return partition >= first && partition < first + count ? 'purchase' : 'browse'
}
