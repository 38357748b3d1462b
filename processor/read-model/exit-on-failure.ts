import type { Logger } from 'pino'
import { removeCacheFile } from './cache-file.ts'

/** Ends the process. A damaged file would fail at the next start, too; all of it can be read from the log again. */
export const exitOnFailure =
  (path: string, log: Logger) =>
  (error: unknown): never => {
    log.fatal({ err: error }, 'the read model failed: it is recreated at the next start')
    removeCacheFile(path)
    process.exit(1)
  }
