import { startCalledThread } from './called-thread.ts'
import type { SubscriberLog } from './subscriber-notes.ts'
import type { SubscribersCalls, SubscribersOptions } from './subscribers-thread.ts'

export type { SubscriberLog } from './subscriber-notes.ts'

export interface Subscribers {
  /** Number of notifications each has seen so far. */
  seen: () => Promise<number[]>
  /** No more cuts from now on. */
  quiet: () => void
  stop: () => Promise<SubscriberLog[]>
}

/** Reads every notification, many times over, in a thread of its own. */
export function startSubscribers(options: SubscribersOptions): Subscribers {
  const thread = startCalledThread<SubscribersCalls>(
    new URL('./subscribers-thread.ts', import.meta.url),
    options,
  )

  return {
    seen: () => thread.call('seen'),
    quiet() {
      // Should the thread have failed, whoever asks it for something next is told.
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
