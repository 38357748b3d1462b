import { createRequire } from 'node:module'

interface RequestQueue {
  readonly pending: readonly unknown[]
  scheduleCheckPendingRequests: (this: RequestQueue) => void
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
  prototype: RequestQueue
}
const schedule = prototype.scheduleCheckPendingRequests

function scheduleIfAnyWaits(this: RequestQueue) {
  if (this.pending.length > 0) schedule.call(this)
}

/**
 * After each response kafkajs 2.2.4 sets a timer to check for waiting requests, also when none waits: its delay is then some
 * minus 1.8 trillion milliseconds, and Node, Deno and Bun print a TimeoutNegativeWarning. A request that has to wait sets the
 * timer itself.
 */
export function avoidIdleTimers(): void {
  prototype.scheduleCheckPendingRequests = scheduleIfAnyWaits
}
