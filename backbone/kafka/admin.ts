import { disconnectQuietly } from './disconnect.ts'
import type { TopicAdmin } from './topic-admin.ts'

/**
 * An admin client that is replaced after each failure: when a connection stalls while it is set up, kafkajs 2.2.4 considers
 * itself connected and the broker unknown, and each later request fails ("Broker not connected").
 */
export function keepAdmin(createAdmin: () => TopicAdmin) {
  let current: TopicAdmin | undefined

  return {
    /** Rejects with any failure; the caller may try again. */
    async use<Result>(work: (admin: TopicAdmin) => Promise<Result>): Promise<Result> {
      current ??= createAdmin()
      const admin = current
      try {
        await admin.connect()
        return await work(admin)
      } catch (error) {
        if (current === admin) current = undefined
        void disconnectQuietly(admin)
        throw error
      }
    },
    async close(): Promise<void> {
      const admin = current
      current = undefined
      if (admin) await disconnectQuietly(admin)
    },
  }
}

export type KeptAdmin = ReturnType<typeof keepAdmin>
