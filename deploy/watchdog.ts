import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LaunchError } from './launch-error.ts'

/** Seconds that each stage has to end by itself, in drain order. */
const drainSeconds = { gateway: 15, processor: 15, kafka: 30 }
export type Stage = keyof typeof drainSeconds

export interface Watchdog {
  /** Starts a process that ends with this one, however this one ends. */
  spawn(stage: Stage, command: string, args: string[], options: SpawnOptions): ChildProcess
  onDeath(listener: () => void): void
  /** Ends the running processes, stage by stage; resolves when all have ended. */
  drain(): Promise<void>
  /** Kills the running processes. */
  kill(): void
}

interface SpawnOptions {
  env: NodeJS.ProcessEnv
  stdout: number | 'pipe'
  stderr: number | 'pipe'
}

/** One per `folder`: fails while the watchdog of another process still guards it. */
export function startWatchdog(folder: string): Watchdog {
  mkdirSync(folder, { recursive: true })
  const path = pipeIn(folder)
  const { read, write } = openPipe(path, folder)
  const script = fileURLToPath(new URL('watchdog.sh', import.meta.url))
  const limits = Object.entries(drainSeconds).map(([stage, seconds]) => `${stage}:${seconds}`)
  const runScript = (input: number | 'pipe') =>
    spawn('sh', [script, path, ...limits], { detached: true, stdio: [input, 'ignore', 'ignore'] })
  const watchdog = runScript(read)
  closeSync(read)
  const gone = once(watchdog, 'exit')
  const children = new Map<ChildProcess, Stage>()
  let draining = false

  return {
    spawn(stage, command, args, { env, stdout, stderr }) {
      if (draining) throw new Error(`${command} cannot be started any more: draining`)
      // The child first registers itself and then becomes the program, so that this process can be killed at
      // any time without leaving an unknown child. A separate process group keeps Ctrl-C away from it.
      const register = 'echo "+ $$ $0" >&3 && exec "$@" 3>&-'
      const child = spawn('sh', ['-c', register, stage, command, ...args], {
        detached: true,
        env,
        stdio: ['ignore', stdout, stderr, write],
      })
      children.set(child, stage)
      child.once('exit', () => {
        children.delete(child)
        if (!draining && watchdog.exitCode === null) writeSync(write, `- ${child.pid}\n`)
      })
      return child
    },
    onDeath(listener) {
      watchdog.once('exit', () => {
        if (!draining) listener()
      })
    },
    async drain() {
      draining = true
      closeSync(write)
      await gone
      if (children.size === 0) return
      // The watchdog was killed. A new one continues, with the list of running processes.
      const substitute = runScript('pipe')
      const list = [...children].map(([child, stage]) => `+ ${child.pid} ${stage}\n`)
      substitute.stdin?.end(list.join(''))
      await once(substitute, 'exit')
    },
    kill() {
      for (const child of children.keys()) child.kill('SIGKILL')
    },
  }
}

const pipeIn = (folder: string) => join(folder, 'running')

function openPipe(path: string, folder: string): { read: number; write: number } {
  if (isGuarded(folder)) {
    throw new LaunchError(
      `${folder} is in use by another launcher, or by one that is still stopping: choose another folder (--data) or stop that launcher`,
    )
  }
  rmSync(path, { force: true })
  if (spawnSync('sh', ['-c', 'mkfifo -m 600 "$0"', path]).status !== 0) {
    throw new LaunchError(`cannot create a named pipe in ${folder}: choose a folder on a local disk (--data)`)
  }
  // Opening only one end would block until the other end is opened.
  const both = openSync(path, constants.O_RDWR)
  const read = openSync(path, constants.O_RDONLY)
  const write = openSync(path, constants.O_WRONLY)
  closeSync(both)
  return { read, write }
}

/** Whether a watchdog is active in the folder. */
export function isGuarded(folder: string): boolean {
  try {
    closeSync(openSync(pipeIn(folder), constants.O_WRONLY | constants.O_NONBLOCK))
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // There is no pipe, or no reader.
    if (code === 'ENOENT' || code === 'ENXIO') return false
    throw new LaunchError(
      `${folder} cannot be used (${code}): it may belong to another user; choose another folder (--data)`,
    )
  }
}
