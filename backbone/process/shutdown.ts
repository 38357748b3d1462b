import type { Logger } from 'pino'
import type { DrainSignal } from './draining.ts'

/**
 * Runs `drain` once, on the first SIGTERM or SIGINT, then exits: 0 when it ended, 1 when it failed or took longer
 * than `deadlineMs`. A second signal exits at once.
 */
export function drainOnSignal(
  drain: (signal: DrainSignal) => Promise<void>,
  deadlineMs: number,
  log: Logger,
): void {
  let draining = false
  const onSignal = (signal: DrainSignal) => {
    if (draining) process.exit(1)
    draining = true
    log.info({ signal }, 'draining')
    const deadline = setTimeout(() => {
      log.error({ deadlineMs }, 'Drain timed out')
      process.exit(1)
    }, deadlineMs)
    drain(signal).then(
      () => {
        clearTimeout(deadline)
        log.info('drained')
        process.exit(0)
      },
      (error: unknown) => {
        log.error({ err: error }, 'Drain failed')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => onSignal(signal))
}
