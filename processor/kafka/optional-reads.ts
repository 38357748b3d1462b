import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { errorText } from '../../backbone/kafka/error-text.ts'
import { createOutageWarning } from '../../backbone/kafka/outage-warning.ts'
import { LONGEST_REFUSED_DELAY_MS, retryDelayMs } from '../../backbone/kafka/retry-delay.ts'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'

interface OptionalOptions {
  /** What does not work, and that it works again, for the log. */
  failing: string
  restored: string
  authenticated: () => Promise<void>
  /** What Kafka refused, and what to check; undefined if the error is no refusal. */
  explain: (error: unknown) => string | undefined
  log: Logger
}

const FIRST_DELAY_MS = 200
const LONGEST_DELAY_MS = 5_000
const WARN_AFTER_FAILURES = 6

/** For a topic that this process can do without: one warning, and the process stays ready. */
export function optionalReads({
  failing,
  restored,
  authenticated,
  explain,
  log,
}: OptionalOptions): ClientRefusals {
  let failures = 0
  const warning = createOutageWarning({ failing, restored, log })

  return {
    authenticated,
    async refused(failure, signal) {
      const refusal = explain(failure)
      if (refusal !== undefined || ++failures > WARN_AFTER_FAILURES)
        warning.warn(refusal ?? errorText(failure))
      const longestMs = refusal === undefined ? LONGEST_DELAY_MS : LONGEST_REFUSED_DELAY_MS
      const delay = retryDelayMs(failures, { firstMs: FIRST_DELAY_MS, longestMs })
      await sleep(delay, undefined, signal && { signal }).catch(() => undefined)
      return true
    },
    allowed() {
      failures = 0
      warning.end()
    },
  }
}
