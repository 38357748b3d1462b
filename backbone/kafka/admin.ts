import type { Admin } from 'kafkajs'
import { hangUp } from './disconnect.ts'

/**
 * An admin client that is made anew after each failure: when a connection stalls while it begins, kafkajs 2.2.4 takes it
 * for connected and its broker for unknown, and says so for ever ("Broker not connected").
 */
export function keepAdmin(createAdmin: () => Admin) {
  let current: Admin | undefined

  return {
    /** Rejects with whatever went wrong; asking again is sane. */
    async use<Result>(work: (admin: Admin) => Promise<Result>): Promise<Result> {
      current ??= createAdmin()
      const admin = current
      try {
        await admin.connect()
        return await work(admin)
      } catch (error) {
        if (current === admin) current = undefined
        void hangUp(admin)
        throw error
      }
    },
    async close(): Promise<void> {
      const admin = current
      current = undefined
      if (admin) await hangUp(admin)
    },
  }
}

export type KeptAdmin = ReturnType<typeof keepAdmin>
