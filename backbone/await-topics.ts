import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { awaitBroker } from './await-broker.ts'
import type { KafkaSettings } from './kafka.ts'
import type { KeptAdmin } from './keep-admin.ts'
import { ensureTopics, type PartitionCounts, partitionCount, type TopicSettings } from './topics.ts'

const LONGEST_DELAY_MS = 5_000

/** {@link ensureTopics}, as often as it takes: a process may well be started before Kafka. */
export async function awaitTopics(
  admin: KeptAdmin,
  settings: KafkaSettings & TopicSettings,
  log: Logger,
): Promise<PartitionCounts & { deadLetterPartitions: number; followUpPartitions: number }> {
  await awaitBroker(settings, log)
  for (let delay = 200; ; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
    try {
      return await admin.use(async (connected) => ({
        ...(await ensureTopics(connected, settings)),
        deadLetterPartitions: await partitionCount(connected, settings.DEAD_LETTER_TOPIC),
        followUpPartitions: await partitionCount(connected, settings.FOLLOW_UP_TOPIC),
      }))
    } catch (error) {
      log.warn({ error: String(error), retryInMs: delay }, 'Kafka is not ready')
      await sleep(delay)
    }
  }
}
