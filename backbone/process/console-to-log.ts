import { format } from 'node:util'
import type { Logger } from 'pino'

const levels = { error: 'error', warn: 'warn', info: 'info', log: 'info', debug: 'debug' } as const

type Method = keyof typeof levels

/**
 * Turns everything that a runtime or a library writes to the console into log lines, so that standard output
 * and standard error contain nothing else.
 */
export function consoleToLog(log: Logger, target: Pick<Console, Method> = console): void {
  for (const [method, level] of Object.entries(levels) as [Method, (typeof levels)[Method]][]) {
    target[method] = (...values: unknown[]) => {
      const [err] = values
      if (err instanceof Error) log[level]({ err }, 'Written to the console')
      else log[level](format(...values))
    }
  }
}
