import pino, { type Logger, type LoggerOptions } from 'pino'
import pretty from 'pino-pretty'
import { z } from 'zod'

export const logSettings = {
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('`trace`, `debug`, `info`, `warn`, `error` or `silent`'),
  INSTANCE: z
    .string()
    .optional()
    .describe(
      'Name of this process in its logs and on the operations page; the role and process id by default',
    ),
}

/** The name of a process in its logs, and in what it writes to Kafka. */
export const instanceName = (role: string, settings: { INSTANCE?: string | undefined }): string =>
  settings.INSTANCE ?? `${role}-${process.pid}`

/**
 * JSON lines on standard output, or readable lines if that is a terminal. Never log a checkout, a message or
 * a header: ids, partitions and offsets are enough to find an event, and customer data must not be in a log.
 */
export function createLog(
  role: string,
  settings: { LOG_LEVEL: string; INSTANCE?: string | undefined },
): Logger {
  return openLog({ name: instanceName(role, settings), level: settings.LOG_LEVEL })
}

/** A log for a process that has no settings yet. */
export function openLog(named: Pick<LoggerOptions, 'name' | 'level'> = {}): Logger {
  const options: LoggerOptions = {
    ...named,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
  }
  return process.stdout.isTTY
    ? pino(options, pretty({ ignore: 'pid', singleLine: true, sync: true }))
    : pino(options)
}
