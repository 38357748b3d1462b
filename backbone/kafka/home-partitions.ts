import type { Logger } from 'pino'
import type { TopicSettings } from './topics.ts'

type Settings = Pick<TopicSettings, 'PARTITIONS' | 'DATA_TOPIC'>

/**
 * The number of partitions that customers are spread over before the first change of the layout: PARTITIONS, even if
 * DataTopic has grown. With another number the retry of a customer would go to another partition, whose owner does not know
 * the first record: two outcomes.
 */
export const homePartitions = ({ PARTITIONS }: Settings, dataPartitions: number): number =>
  Math.min(PARTITIONS, dataPartitions)

/** Not once the layout was changed: then it has the number. */
export function warnOfOtherCount(
  { PARTITIONS, DATA_TOPIC }: Settings,
  dataPartitions: number,
  log: Logger,
): void {
  const found = `${DATA_TOPIC} has ${dataPartitions} partitions, PARTITIONS is ${PARTITIONS}`
  if (dataPartitions > PARTITIONS) {
    log.warn(
      `${found}: checkouts go to the first ${PARTITIONS}, so that customers keep their partitions. ` +
        `Only if ${DATA_TOPIC} was created with ${dataPartitions}, set PARTITIONS=${dataPartitions} for every process`,
    )
  } else if (dataPartitions < PARTITIONS) {
    log.warn(
      `${found}: set PARTITIONS=${dataPartitions} for every process, so that customers keep their partitions if it grows`,
    )
  }
}
