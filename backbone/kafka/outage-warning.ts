import type { Logger } from 'pino'

interface WarningOptions {
  /** What does not work, for the warning. */
  failing: string
  /** That it works again. */
  restored: string
  log: Logger
}

/** For what a process can do without: one warning until it works again. */
export function createOutageWarning({ failing, restored, log }: WarningOptions) {
  let isWarned = false
  return {
    warn(reason: string): void {
      if (!isWarned) log.warn(`${failing}: ${reason}`)
      isWarned = true
    },
    end(): void {
      if (isWarned) log.info(restored)
      isWarned = false
    },
  }
}
