import type { Logger } from 'pino'
import { Counter, type Registry } from 'prom-client'

interface ThrottlingOptions {
  /** The user that Kafka knows this process as. */
  principal: string
  clientId: string
  registry: Registry
  log: Logger
}

const OVER_AFTER_MS = 60_000
const CHECK =
  'check the quotas producer_byte_rate, consumer_byte_rate and request_percentage of the user and the client id'

/** Reports once that Kafka throttles this process because of a quota, until it was not throttled for a minute. */
export function watchThrottling({ principal, clientId, registry, log }: ThrottlingOptions) {
  const what = `Kafka throttles this process (${principal}, client id ${clientId})`
  const seconds = new Counter({
    name: 'checkout_kafka_throttle_seconds_total',
    help: 'Time for which Kafka let the connections of this process wait because of a quota',
    registers: [registry],
  })
  let throttledMs = 0
  let over: ReturnType<typeof setTimeout> | undefined

  function end(): void {
    log.info({ throttledMs }, `Resolved: ${what}`)
    over = undefined
    throttledMs = 0
  }

  return {
    /** `ms`: for how long Kafka lets one connection wait. */
    throttled(ms: number): void {
      seconds.inc(ms / 1_000)
      throttledMs += ms
      if (over) clearTimeout(over)
      else log.warn({ throttledMs }, `${what}: ${CHECK}`)
      over = setTimeout(end, ms + OVER_AFTER_MS)
      over.unref()
    },

    /** Undefined while Kafka does not throttle this process. */
    warning: (): string | undefined =>
      over && `${what}, ${(throttledMs / 1_000).toFixed(1)} s of waiting until now: ${CHECK}`,
  }
}
