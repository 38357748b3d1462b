import type { Logger } from 'pino'
import type { KafkaSettings } from '../../backbone/kafka/client.ts'
import type { TopicSettings } from '../../backbone/kafka/topics.ts'
import type { Homes } from '../../backbone/layout/homes.ts'
import { createLayoutState } from '../../backbone/layout/layout-state.ts'
import { createLayoutTaker } from '../../backbone/layout/take-layout-records.ts'
import { readToEnd } from './read-to-end.ts'

type Settings = KafkaSettings & Pick<TopicSettings, 'DATA_TOPIC' | 'LAYOUT_TOPIC' | 'PARTITIONS'>

/** The partitions that the customers of a site are spread over, by the log of its layout. Creates no topic, unlike gateways. */
export async function readHomes(settings: Settings, log: Logger): Promise<Homes> {
  const { LAYOUT_TOPIC: topic, PARTITIONS } = settings
  const layout = createLayoutState(() => PARTITIONS)
  const take = createLayoutTaker({ layout, topics: settings, log })
  const partitions = await readToEnd({
    settings,
    topic,
    since: undefined,
    take: (_, record) => take(record),
    log,
  })
  // A system without processors of this version has none.
  if (partitions === 0)
    console.error(
      `${topic} does not exist at ${settings.KAFKA_BROKERS.join()}, or may not be read: assuming that customers are spread over PARTITIONS = ${PARTITIONS}`,
    )
  return layout.current().homes
}
