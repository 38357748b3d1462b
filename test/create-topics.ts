import type { Admin, ITopicConfig } from 'kafkajs'
import { vi } from 'vitest'

/** Resolves when every partition has a leader. Its own `waitForLeaders` rejects if the broker does not know a new topic yet. */
export async function createTopics(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics, waitForLeaders: false })
  const names = topics.map(({ topic }) => topic)
  await vi.waitFor(() => admin.fetchTopicMetadata({ topics: names }), { timeout: 20_000 })
}
