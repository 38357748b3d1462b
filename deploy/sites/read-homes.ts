import type { Logger } from 'pino'
import type { KafkaSettings } from '../../backbone/kafka/client.ts'
import { errorText } from '../../backbone/kafka/error-text.ts'
import type { TopicSettings } from '../../backbone/kafka/topics.ts'
import type { Homes } from '../../backbone/layout/homes.ts'
import { readLayoutRecord } from '../../backbone/layout/layout-record.ts'
import { createLayoutState } from '../../backbone/layout/layout-state.ts'
import { readToEnd } from './read-to-end.ts'

type Settings = KafkaSettings & Pick<TopicSettings, 'DATA_TOPIC' | 'LAYOUT_TOPIC' | 'PARTITIONS'>

/** The partitions that the customers of a site are spread over, by the log of its layout. Creates no topic, unlike gateways. */
export async function readHomes(settings: Settings, log: Logger): Promise<Homes> {
  const { DATA_TOPIC, LAYOUT_TOPIC: topic, PARTITIONS } = settings
  const layout = createLayoutState(() => PARTITIONS)
  const partitions = await readToEnd({
    settings,
    topic,
    since: undefined,
    take(_, record) {
      try {
        const read = readLayoutRecord(DATA_TOPIC, record)
        if (read) layout.take(read)
      } catch (error) {
        log.error(
          { topic, offset: record.offset, error: errorText(error) },
          'Skipping a record of the layout',
        )
      }
    },
    log,
  })
  // A system without processors of this version has none.
  if (partitions === 0)
    console.error(
      `${topic} does not exist at ${settings.KAFKA_BROKERS.join()}, or may not be read: assuming that customers are spread over PARTITIONS = ${PARTITIONS}`,
    )
  return layout.current().homes
}
