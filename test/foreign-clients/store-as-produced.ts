import { ConfigResourceTypes } from 'kafkajs'
import type { TestSystem } from '../test-system.ts'

/**
 * Lets the broker keep the codecs and times of producers in DataTopic, as in a topic that somebody created without the settings of
 * docs/reference/configuration.md.
 */
export async function storeAsProduced({ kafka, topics }: TestSystem): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  const configEntries = [
    { name: 'compression.type', value: 'producer' },
    { name: 'message.timestamp.type', value: 'CreateTime' },
  ]
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topics.data, configEntries }],
  })
  await admin.disconnect()
}
