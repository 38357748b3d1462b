import { CLOCK_OFF_BY_MS } from '../inject/targets.ts'
import type { DataRecord } from './data-index.ts'
import type { Log } from './log.ts'
import type { Outcomes } from './outcome-index.ts'

/** For one partition of Notifications, by offset: epoch milliseconds. */
export interface AppendTimes {
  outcomes: Float64Array
  /** When the record of each outcome was appended to DataTopic; NaN if there is none. */
  records: Float64Array
}

/**
 * `middle` of the run, in epoch milliseconds: if the run is shorter than the clock error, it identifies the
 * wrong clock.
 */
export function appendTimes(
  { log }: Outcomes,
  data: Log<DataRecord>,
  middle: number,
): Map<number, AppendTimes> {
  const rightTime = (byBroker: number) =>
    byBroker - Math.round((byBroker - middle) / CLOCK_OFF_BY_MS) * CLOCK_OFF_BY_MS
  return new Map(
    [...log.partitions].map(([partition, outcomes]) => [
      partition,
      {
        outcomes: Float64Array.from(outcomes, ({ timestamp }) => rightTime(timestamp)),
        records: Float64Array.from(outcomes, ({ sourcePartition, sourceOffset }) =>
          rightTime(data.at(sourcePartition, sourceOffset)?.timestamp ?? Number.NaN),
        ),
      },
    ]),
  )
}
