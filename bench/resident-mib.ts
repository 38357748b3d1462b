import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What a process has of the machine's memory now, in MiB. */
export const residentMiB = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) / 1024

/** The most that it has had so far: VmHWM of proc(5); not a number where the system does not tell. */
export function peakResidentMiB(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}
