import { openLog } from './log.ts'

/** For a process that cannot start: a fatal log line for each fault, whatever LOG_LEVEL is, then exit code 1. */
export function exitWithFaults(faults: readonly string[]): never {
  const log = openLog()
  for (const fault of faults) log.fatal(fault)
  process.exit(1)
}
