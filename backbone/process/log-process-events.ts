import type { Logger } from 'pino'
import { consoleToLog } from './console-to-log.ts'

/**
 * Turns all text output of a runtime or a library into log lines: console output, warnings, and uncaught
 * errors. An uncaught error ends the process.
 */
export function logProcessEvents(log: Logger): void {
  consoleToLog(log)
  const exit = (error: unknown) => {
    log.fatal({ err: error }, 'Uncaught error')
    process.exit(1)
  }
  process.on('uncaughtException', exit)
  process.on('unhandledRejection', exit)
  process.removeAllListeners('warning')
  process.on('warning', (warning) => log.warn({ err: warning }, 'Runtime warning'))
}
