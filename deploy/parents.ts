import { spawnSync } from 'node:child_process'
import { isRunning } from './is-running.ts'

const pollMs = 500

/**
 * Calls back when npm, or a shell between npm and this process, ends. npm does not end its children when it
 * is killed, and the user would find a port in use without a visible process to stop.
 */
export function onParentExit(listener: () => void): void {
  const parent = process.ppid
  const npm = isShell(parent) ? parentOf(parent) : parent
  const timer = setInterval(() => {
    if (process.ppid === parent && isRunning(npm)) return
    clearInterval(timer)
    listener()
  }, pollMs)
}

/** Whether the shell only waits for the command that this process runs. */
function isShell(pid: number): boolean {
  return ps(pid, 'args').includes('local.ts')
}

function parentOf(pid: number): number {
  return Number(ps(pid, 'ppid'))
}

function ps(pid: number, column: string): string {
  return spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout ?? ''
}
