import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LaunchError } from './launch-error.ts'

/** Seconds that each stage has to end by itself; the order is the order of draining. */
export const drainSeconds = { gateway: 15, processor: 15, kafka: 30 }
export type Stage = keyof typeof drainSeconds

export interface Watchdog {
  /** Starts a process that ends with this one, whatever ends this one. */
  spawn(stage: Stage, command: string, args: string[], options: SpawnOptions): ChildProcess
  onExit(listener: () => void): void
  close(): Promise<void>
}

interface SpawnOptions {
  env: NodeJS.ProcessEnv
  stdout: number | 'pipe'
  stderr: number | 'pipe'
}

/** One for each `folder` at a time: it is refused while the watchdog of another process still guards it. */
export function startWatchdog(folder: string): Watchdog {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'running')
  const { read, write } = openPipe(path, folder)
  const script = fileURLToPath(new URL('watchdog.sh', import.meta.url))
  const limits = Object.entries(drainSeconds).map(([stage, seconds]) => `${stage}:${seconds}`)
  const watchdog = spawn('sh', [script, path, ...limits], {
    detached: true,
    stdio: [read, 'ignore', 'ignore'],
  })
  closeSync(read)
  let alive = true
  watchdog.once('exit', () => {
    alive = false
  })

  return {
    spawn(stage, command, args, { env, stdout, stderr }) {
      // The child puts itself on the list and only then becomes the program, so that no moment is left in which
      // this process can be killed while nobody knows of the child. A group of its own keeps Ctrl-C away from it.
      const register = 'echo "+ $$ $0" >&3 && exec "$@" 3>&-'
      const child = spawn('sh', ['-c', register, stage, command, ...args], {
        detached: true,
        env,
        stdio: ['ignore', stdout, stderr, write],
      })
      child.once('exit', () => {
        if (alive) writeSync(write, `- ${child.pid}\n`)
      })
      return child
    },
    onExit: (listener) => watchdog.once('exit', listener),
    async close() {
      watchdog.removeAllListeners('exit')
      const gone = alive && once(watchdog, 'exit')
      closeSync(write)
      await gone
    },
  }
}

function openPipe(path: string, folder: string): { read: number; write: number } {
  if (hasReader(path)) {
    throw new LaunchError(
      `${folder} is in use by another launcher, or by one that is still stopping: choose another folder, or stop that one and try again`,
    )
  }
  rmSync(path, { force: true })
  if (spawnSync('mkfifo', ['-m', '600', path]).status !== 0) {
    throw new LaunchError(`cannot make a named pipe in ${folder}: choose a folder on a local disk`)
  }
  // Opening one end alone would block until somebody opens the other.
  const both = openSync(path, constants.O_RDWR)
  const read = openSync(path, constants.O_RDONLY)
  const write = openSync(path, constants.O_WRONLY)
  closeSync(both)
  return { read, write }
}

function hasReader(path: string): boolean {
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK))
    return true
  } catch {
    return false
  }
}
