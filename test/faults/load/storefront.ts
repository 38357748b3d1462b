import { startCalledThread } from './called-thread.ts'
import type { StorefrontOptions } from './run-storefront.ts'
import type { StorefrontProgress, StorefrontResult } from './storefront-result.ts'
import type { StorefrontCalls } from './storefront-thread.ts'

export type { StorefrontResult } from './storefront-result.ts'

export interface Storefront {
  /**
   * The gateway of this number has a new process: it remembers nothing, replays are not asked of it for what was sent
   * before. To be said within seconds of the new one's first answer.
   */
  gatewayRestarted: (index: number) => void
  /** Which gateways say that they are ready: the others are passed over while there are any. */
  route: (ready: readonly boolean[]) => void
  progress: () => Promise<StorefrontProgress>
  /** No more arrivals; waits until every checkout sent has been acknowledged, at most so long. */
  finish: (patienceMs: number) => Promise<StorefrontResult>
}

/** Sells in a thread of its own, where neither the injector nor the judge holds it up. */
export function startStorefront(options: StorefrontOptions): Storefront {
  const thread = startCalledThread<StorefrontCalls>(
    new URL('./storefront-thread.ts', import.meta.url),
    options,
  )

  return {
    gatewayRestarted(index) {
      // Should the thread have failed, whoever asks it for something next is told.
      thread.call('gatewayRestarted', index).catch(() => undefined)
    },
    route(ready) {
      thread.call('route', ready).catch(() => undefined)
    },
    progress: () => thread.call('progress'),
    async finish(patienceMs) {
      try {
        return await thread.call('finish', patienceMs)
      } finally {
        await thread.end()
      }
    },
  }
}
