import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Child } from './child.ts'
import { ignoreSystemErrors } from './ignore-system-errors.ts'
import { replaceFile } from './replace-file.ts'
import { isGuarded } from './watchdog.ts'

/** A process of the launcher. */
export interface Part {
  readonly role: 'kafka' | 'processor' | 'gateway'
  readonly port: number
  readonly child: Child
  ready(): Promise<void>
}

export interface WatchedPart extends Part {
  restarts: number
}

const stateSchema = z.object({
  /** Addresses, comma-separated. */
  kafka: z.string(),
  processes: z.array(
    z.object({
      name: z.string(),
      role: z.enum(['kafka', 'processor', 'gateway']),
      port: z.number(),
      logFile: z.string(),
      /** Undefined after it died, until it is restarted. */
      pid: z.number().optional(),
      startedAt: z.number(),
      restarts: z.number(),
    }),
  ),
})

export type LauncherState = z.infer<typeof stateSchema>

const WRITTEN_EVERY_MS = 500

const fileIn = (data: string) => join(data, 'launcher.json')

/**
 * Writes the running processes to the data folder, now and after each change, for {@link readState}, until
 * `stopping` is aborted.
 */
export function keepState(
  data: string,
  { kafka, parts }: { kafka: string; parts: readonly WatchedPart[] },
  stopping: AbortSignal,
): void {
  let written = ''
  function write() {
    const processes = parts.map(({ role, port, restarts, child: { name, logFile, pid, startedAt } }) => ({
      role,
      port,
      restarts,
      name,
      logFile,
      pid,
      startedAt,
    }))
    const text = JSON.stringify({ kafka, processes } satisfies LauncherState)
    if (text === written) return
    replaceFile(fileIn(data), text)
    written = text
  }
  // A full disk must not end the launcher, and with it all gateways.
  const tryToWrite = () => ignoreSystemErrors(write)
  tryToWrite()
  const timer = setInterval(tryToWrite, WRITTEN_EVERY_MS)
  stopping.addEventListener('abort', () => {
    clearInterval(timer)
    forgetState(data)
  })
}

/** For a launcher that has ended or is stopping. */
export function forgetState(data: string): void {
  rmSync(fileIn(data), { force: true })
}

/** The processes that the launcher of this data folder runs. */
export function readState(data: string): LauncherState | 'starting or stopping' | 'not running' {
  if (!isGuarded(data)) return 'not running'
  try {
    return stateSchema.parse(JSON.parse(readFileSync(fileIn(data), 'utf8')))
  } catch {
    return 'starting or stopping'
  }
}
