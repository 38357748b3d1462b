import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { drainSeconds, type Stage, type Watchdog } from './watchdog.ts'

/** A process that can be started again after its end. */
export interface Child {
  readonly name: string
  readonly stage: Stage
  readonly logFile: string
  readonly pid: number | undefined
  start(): void
  /** TERM, and KILL when the stage's time is up; resolves when it is gone. */
  stop(): Promise<void>
  kill(signal: NodeJS.Signals): Promise<void>
  onDeath(listener: (how: string) => void): void
}

interface ChildOptions {
  name: string
  stage: Stage
  command: string
  args: string[]
  env: NodeJS.ProcessEnv
  logFile: string
  watchdog: Watchdog
}

export function createChild({ name, stage, command, args, env, logFile, watchdog }: ChildOptions): Child {
  const listeners: ((how: string) => void)[] = []
  let running: ChildProcess | undefined
  let stopping = false
  mkdirSync(dirname(logFile), { recursive: true })

  function start() {
    stopping = false
    // Straight to a file: a child that writes to a pipe would fail at it when the launcher is gone, and while it drains.
    const output = openSync(logFile, 'a')
    const child = watchdog.spawn(stage, command, args, { env, stdout: output, stderr: output })
    closeSync(output)
    running = child
    child.once('exit', (code, signal) => {
      running = undefined
      if (stopping) return
      for (const listener of listeners) listener(signal ?? `exit code ${code}`)
    })
  }

  async function kill(signal: NodeJS.Signals) {
    if (!running) return
    const gone = once(running, 'exit')
    running.kill(signal)
    await gone
  }

  async function stop() {
    stopping = true
    const child = running
    const overdue = setTimeout(() => child?.kill('SIGKILL'), drainSeconds[stage] * 1000)
    await kill('SIGTERM')
    clearTimeout(overdue)
  }

  return {
    name,
    stage,
    logFile,
    get pid() {
      return running?.pid
    },
    start,
    stop,
    kill,
    onDeath: (listener) => listeners.push(listener),
  }
}
