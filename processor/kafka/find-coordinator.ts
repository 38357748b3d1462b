import { keepAdmin } from '../../backbone/kafka/admin.ts'
import type { KafkaClient } from '../../backbone/kafka/client.ts'
import { createTopicAdmin } from '../../backbone/kafka/topic-admin.ts'

/**
 * Resolves when the group has a coordinator that answers. Asks with a new client: an existing one may be waiting for the
 * broker that failed.
 */
export async function findCoordinator(kafka: KafkaClient, groupId: string): Promise<void> {
  const admin = keepAdmin(() => createTopicAdmin(kafka))
  try {
    await admin.use((connected) => connected.findCoordinator(groupId))
  } finally {
    await admin.close()
  }
}
