import type { Arrival } from './publish-queue.ts'

/** A record of DataTopic, to be written to the partition that was chosen for it. */
export interface CheckoutRecord extends Omit<Arrival, 'bytes'> {
  partition: number
  key: string
  value: string
  headers: Record<string, string>
}

export interface Stored {
  partition: number
  offset: number
}
