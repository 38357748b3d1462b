import { disconnectQuietly } from './disconnect.ts'
import type { TopicAdmin } from './topic-admin.ts'

interface Kept {
  admin: TopicAdmin
  /** Requests in progress. */
  users: number
}

/**
 * An admin client that is replaced after each failure: when a connection stalls while it is set up, kafkajs 2.2.4 considers
 * itself connected and the broker unknown, and each later request fails ("Broker not connected"). The failed one is
 * disconnected when nobody uses it: otherwise the requests of others would fail, too ("Topic metadata not loaded").
 */
export function keepAdmin(createAdmin: () => TopicAdmin) {
  let current: Kept | undefined

  return {
    /** Rejects with any failure; the caller may try again. */
    async use<Result>(work: (admin: TopicAdmin) => Promise<Result>): Promise<Result> {
      current ??= { admin: createAdmin(), users: 0 }
      const kept = current
      kept.users++
      try {
        await kept.admin.connect()
        return await work(kept.admin)
      } catch (error) {
        if (current === kept) current = undefined
        throw error
      } finally {
        kept.users--
        if (kept !== current && kept.users === 0) void disconnectQuietly(kept.admin)
      }
    },
    /** The next use connects again: kafkajs 2.2.4 would not know partitions that were added for up to five minutes. */
    renew(): void {
      const kept = current
      current = undefined
      if (kept && kept.users === 0) void disconnectQuietly(kept.admin)
    },
    async close(): Promise<void> {
      const kept = current
      current = undefined
      if (kept) await disconnectQuietly(kept.admin)
    },
  }
}

export type KeptAdmin = ReturnType<typeof keepAdmin>
