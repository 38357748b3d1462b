import type { Logger } from 'pino'
import { consoleToLog } from './console-to-log.ts'

/**
 * What a runtime or a library would print as text becomes a log line: what is written to the console, warnings, and an
 * uncaught error, which ends the process.
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
