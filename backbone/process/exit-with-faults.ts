import { openLog } from './log.ts'

/** For a process that cannot start: logs a fatal line for each fault, at any LOG_LEVEL, then exits with 1. */
export function exitWithFaults(faults: readonly string[]): never {
  const log = openLog()
  for (const fault of faults) log.fatal(fault)
  process.exit(1)
}
