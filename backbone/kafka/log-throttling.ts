import { createRequire } from 'node:module'

/** The requests of a connection of kafkajs 2.2.4. */
interface RequestQueue {
  logger: { warn: (message: string, details: { throttleMs: number }) => void }
  maybeThrottle: (ms: number | null | undefined) => void
}

const { prototype: queue } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
  prototype: RequestQueue
}
const maybeThrottleOfKafkajs = queue.maybeThrottle

/**
 * When a client has exceeded a quota, a response says for how long Kafka does not read from its connection (KIP-219).
 * kafkajs 2.2.4 sends nothing for that time, but logs it with the details of all requests only. With this it warns.
 */
export function logThrottling(): void {
  queue.maybeThrottle = maybeThrottle
}

function maybeThrottle(this: RequestQueue, ms: number | null | undefined): void {
  maybeThrottleOfKafkajs.call(this, ms)
  if (typeof ms === 'number' && ms > 0) this.logger.warn('Throttled', { throttleMs: ms })
}
