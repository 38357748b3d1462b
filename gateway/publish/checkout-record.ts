import type { TraceContext } from '../../backbone/tracing/trace-context.ts'
import type { Arrival } from './publish-queue.ts'
import type { OutgoingRecord } from './record-producer.ts'

/** A record of DataTopic, whose partition is chosen when it is sent. */
export type CheckoutRecord = Omit<Arrival, 'bytes'> &
  Omit<OutgoingRecord, 'partition'> & {
    /** Among so many that customers are spread over. */
    partitionAmong: (partitions: number) => number
    /** Of a dead letter that this record sends again. */
    follows?: TraceContext
  }

export type PlacedRecord = CheckoutRecord &
  Pick<OutgoingRecord, 'partition'> & {
    /** Partitions that customers were spread over when `partition` was chosen. */
    among: number
  }

/** Returns the record's partition, which it chooses anew if customers are spread over another number of partitions now. */
export function placeAmong(record: PlacedRecord, partitions: number): number {
  if (record.among === partitions) return record.partition
  record.among = partitions
  record.partition = record.partitionAmong(partitions)
  return record.partition
}

export interface Stored {
  partition: number
  offset: number
}
