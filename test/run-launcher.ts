import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { parseOptions } from '../deploy/options.ts'
import { freePorts } from '../deploy/ports.ts'
import { reservePorts } from '../deploy/reserve-ports.ts'
import { processesNaming, survivors } from './processes.ts'

export const root = join(import.meta.dirname, '..')

export interface Run {
  process: ChildProcess
  stdout(): string
  stderr(): string
  /** Resolves with the exit code. */
  ended: Promise<number | null>
  says(text: string, withinMs?: number): Promise<void>
}

export function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Run {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (data: Buffer) => out.push(data))
  child.stderr.on('data', (data: Buffer) => err.push(data))
  const stdout = () => Buffer.concat(out).toString()
  return {
    process: child,
    stdout,
    stderr: () => Buffer.concat(err).toString(),
    ended: once(child, 'close').then(([code]: (number | null)[]) => code ?? null),
    says: (text, withinMs = 10_000) =>
      vi.waitFor(
        () => {
          if (!stdout().includes(text)) throw new Error(`no "${text}" in: ${stdout()}`)
        },
        { timeout: withinMs, interval: 50 },
      ),
  }
}

/** deploy/local.ts, as npm start runs it. */
export function runLauncher(args: string[], env: NodeJS.ProcessEnv = {}): Run {
  return run(process.execPath, [join(root, 'deploy', 'local.ts'), ...args], env)
}

/** For `--port`: free, together with the ports that follow from it and `more`. */
export async function freeLauncherPort(more: readonly string[] = []): Promise<number> {
  for (;;) {
    const [port = 0] = await freePorts(1)
    const parsed = parseOptions(['--port', String(port), ...more], {})
    if (parsed.kind !== 'options') continue
    const isFree = await reservePorts(parsed.options).then(
      () => true,
      () => false,
    )
    if (isFree) return port
  }
}

/** Runs the printed example that begins with `start`. */
export function paste(launcher: Run, start: string): Run {
  const lines = launcher.stdout().split('\n')
  const command = lines.find((line) => line.startsWith(start)) ?? 'false'
  return run('sh', ['-c', `exec ${command} --silent --max-time 10`])
}

export const startMs = 60_000
const stopMs = 70_000

export const becomesReady = (launcher: Run) => launcher.says('Ctrl-C stops everything', startMs)

/** Resolves when none of `pids` runs, nor any process that names the data folder. */
export function nothingLeft(pids: number[], data: string): Promise<void> {
  const check = () => {
    expect(survivors(pids)).toEqual([])
    expect(processesNaming(data)).toEqual([])
  }
  return vi.waitFor(check, { timeout: stopMs, interval: 200 })
}
