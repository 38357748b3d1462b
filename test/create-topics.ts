import type { Admin, ITopicConfig } from 'kafkajs'
import { vi } from 'vitest'

/**
 * Resolves when the leader of every partition answers: for a moment, a broker does not know yet that it is one. The own
 * `waitForLeaders` rejects if the broker does not know a new topic yet.
 */
export async function createTopics(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics, waitForLeaders: false })
  const names = topics.map(({ topic }) => topic)
  const soon = { timeout: 20_000 }
  await vi.waitFor(() => admin.fetchTopicMetadata({ topics: names }), soon)
  await vi.waitFor(() => Promise.all(names.map((topic) => admin.fetchTopicOffsets(topic))), soon)
}
