import { startCalledThread } from './called-thread.ts'
import type { StorefrontOptions } from './run-storefront.ts'
import type { StorefrontProgress, StorefrontResult } from './storefront-result.ts'
import type { StorefrontCalls } from './storefront-thread.ts'

export type { StorefrontResult } from './storefront-result.ts'

export interface Storefront {
  /**
   * The gateway with this number has a new process: it remembers nothing, so replays of earlier requests are
   * not expected. Call it within seconds of its first answer.
   */
  gatewayRestarted: (index: number) => void
  /** The gateways that report ready; the others are avoided if possible. */
  route: (ready: readonly boolean[]) => void
  progress: () => Promise<StorefrontProgress>
  /** No more arrivals; waits until every sent checkout has been acknowledged, up to a time limit. */
  finish: (patienceMs: number) => Promise<StorefrontResult>
}

/** Runs in a separate thread, where neither the injector nor the judge delays it. */
export function startStorefront(options: StorefrontOptions): Storefront {
  const thread = startCalledThread<StorefrontCalls>(
    new URL('./storefront-thread.ts', import.meta.url),
    options,
  )

  return {
    gatewayRestarted(index) {
      // If the thread has failed, the next call rejects.
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
