import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { ignoreSystemErrors } from './ignore-system-errors.ts'
import { rotateFile } from './rotate-file.ts'
import type { Stage, Watchdog } from './watchdog.ts'

/** A process that can be restarted after its end. */
export interface Child {
  readonly name: string
  readonly logFile: string
  readonly pid: number | undefined
  readonly startedAt: number
  /** `extra` is added to the environment of this start. */
  start(extra?: NodeJS.ProcessEnv): void
  /** Resolves when the process has ended. */
  kill(signal: NodeJS.Signals): Promise<void>
  onDeath(listener: (how: string) => void): void
}

interface ChildOptions {
  name: string
  stage: Stage
  command: string
  /** May depend on the environment of this start. */
  args: string[] | ((env: NodeJS.ProcessEnv) => string[])
  env: NodeJS.ProcessEnv
  logFile: string
  /** File of its standard output and error, if the process writes `logFile` itself; by default `logFile`. */
  outputFile?: string
  watchdog: Watchdog
}

const LOOK_AT_SIZE_MS = 5_000

export function createChild(options: ChildOptions): Child {
  const { name, stage, command, args, env, logFile, outputFile = logFile, watchdog } = options
  const listeners: ((how: string) => void)[] = []
  let running: ChildProcess | undefined
  let startedAt = 0
  mkdirSync(dirname(logFile), { recursive: true })
  // If the disk is full, the next check tries again.
  setInterval(() => ignoreSystemErrors(() => rotateFile(outputFile)), LOOK_AT_SIZE_MS).unref()

  function start(extra: NodeJS.ProcessEnv = {}) {
    // Directly to a file: if the launcher ends, a child that writes to a pipe would fail while it drains.
    const output = openSync(outputFile, 'a')
    const environment = { ...env, ...extra }
    const ownArgs = typeof args === 'function' ? args(environment) : args
    const child = watchdog.spawn(stage, command, ownArgs, {
      env: environment,
      stdout: output,
      stderr: output,
    })
    closeSync(output)
    running = child
    startedAt = Date.now()
    child.once('exit', (code, signal) => {
      running = undefined
      for (const listener of listeners) listener(signal ?? `exit code ${code}`)
    })
  }

  async function kill(signal: NodeJS.Signals) {
    if (!running) return
    const gone = once(running, 'exit')
    running.kill(signal)
    await gone
  }

  return {
    name,
    logFile,
    get pid() {
      return running?.pid
    },
    get startedAt() {
      return startedAt
    },
    start,
    kill,
    onDeath: (listener) => listeners.push(listener),
  }
}
