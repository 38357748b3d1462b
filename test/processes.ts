import { spawnSync } from 'node:child_process'

interface Process {
  pid: number
  parent: number
  command: string
}

/** The ids of the processes whose command line contains `text`. */
export function processesNaming(text: string): number[] {
  return running()
    .filter(({ command }) => command.includes(text))
    .map(({ pid }) => pid)
}

export function descendantsOf(pid: number): Process[] {
  const all = running()
  const below = (parent: number): Process[] =>
    all.filter((process) => process.parent === parent).flatMap((child) => [child].concat(below(child.pid)))
  return below(pid)
}

/** Those of `pids` that are still running. */
export function survivors(pids: number[]): number[] {
  const alive = new Set(running().map(({ pid }) => pid))
  return pids.filter((pid) => alive.has(pid))
}

function running(): Process[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => state && !state.startsWith('Z'))
    .map(([pid, parent, , ...command]) => ({
      pid: Number(pid),
      parent: Number(parent),
      command: command.join(' '),
    }))
}
