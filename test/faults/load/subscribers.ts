import { startCalledThread } from './called-thread.ts'
import type { SubscriberLog } from './subscriber-notes.ts'
import type { SubscribersCalls, SubscribersOptions } from './subscribers-thread.ts'

export type { SubscriberLog } from './subscriber-notes.ts'

export interface Subscribers {
  /** Number of notifications received by each so far. */
  seen: () => Promise<number[]>
  /** No more cuts from now on. */
  quiet: () => void
  stop: () => Promise<SubscriberLog[]>
}

/** Reads every notification with several subscribers, in a separate thread. */
export function startSubscribers(options: SubscribersOptions): Subscribers {
  const thread = startCalledThread<SubscribersCalls>(
    new URL('./subscribers-thread.ts', import.meta.url),
    options,
  )

  return {
    seen: () => thread.call('seen'),
    quiet() {
      // If the thread has failed, the next call rejects.
      thread.call('quiet').catch(() => undefined)
    },
    async stop() {
      try {
        return await thread.call('stop')
      } finally {
        await thread.end()
      }
    },
  }
}
