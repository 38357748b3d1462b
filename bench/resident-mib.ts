import { execFileSync } from 'node:child_process'

/** What a process has of the machine's memory now, in MiB. */
export const residentMiB = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) / 1024
