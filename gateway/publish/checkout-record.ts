import type { TraceContext } from '../../backbone/tracing/trace-context.ts'
import type { Arrival } from './publish-queue.ts'
import type { OutgoingRecord } from './record-producer.ts'

/** A record of DataTopic, to be written to the partition that was chosen for it. */
export type CheckoutRecord = Omit<Arrival, 'bytes'> &
  OutgoingRecord & {
    /** Of a dead letter that this record sends again. */
    follows?: TraceContext
  }

export interface Stored {
  partition: number
  offset: number
}
