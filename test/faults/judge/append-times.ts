import type { DataRecord } from './data-index.ts'
import type { Log } from './log.ts'
import type { Outcomes } from './outcome-index.ts'

/** Of one partition of Notifications, by its offsets: epoch milliseconds by the brokers' clocks. */
export interface AppendTimes {
  outcomes: Float64Array
  /** When the record of each outcome was appended to DataTopic; NaN where there is none. */
  records: Float64Array
}

export function appendTimes({ log }: Outcomes, data: Log<DataRecord>): Map<number, AppendTimes> {
  return new Map(
    [...log.partitions].map(([partition, outcomes]) => [
      partition,
      {
        outcomes: Float64Array.from(outcomes, ({ timestamp }) => timestamp),
        records: Float64Array.from(
          outcomes,
          ({ sourcePartition, sourceOffset }) =>
            data.at(sourcePartition, sourceOffset)?.timestamp ?? Number.NaN,
        ),
      },
    ]),
  )
}
