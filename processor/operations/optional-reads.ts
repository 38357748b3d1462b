import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { errorText } from '../../backbone/kafka/error-text.ts'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'

interface OptionalOptions {
  admitted: () => Promise<void>
  /** What Kafka refused, and what to check; undefined if the error is no refusal. */
  explain: (error: unknown) => string | undefined
  log: Logger
}

const FIRST_DELAY_MS = 200
const LONGEST_DELAY_MS = 5_000
const LONGEST_REFUSED_DELAY_MS = 30_000
const WARN_AFTER_FAILURES = 6

/** For a topic that this process can do without: one warning, and the process stays ready. */
export function optionalReads({ admitted, explain, log }: OptionalOptions): ClientRefusals {
  let failures = 0
  let isWarned = false

  function warn(reason: string) {
    if (!isWarned) log.warn(`Figures are not read: ${reason}`)
    isWarned = true
  }

  return {
    admitted,
    async refused(failure, signal) {
      const refusal = explain(failure)
      if (refusal !== undefined || ++failures > WARN_AFTER_FAILURES) warn(refusal ?? errorText(failure))
      const longest = refusal === undefined ? LONGEST_DELAY_MS : LONGEST_REFUSED_DELAY_MS
      const delay = Math.min(FIRST_DELAY_MS * 2 ** failures, longest)
      await sleep(delay, undefined, signal && { signal }).catch(() => undefined)
      return true
    },
    allowed() {
      failures = 0
      if (isWarned) log.info('Figures are read again')
      isWarned = false
    },
  }
}
