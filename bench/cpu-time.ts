import { readFileSync } from 'node:fs'

// Linux reports CPU time in hundredths of a second (USER_HZ).
const MS_PER_TICK = 10

/** CPU time of all threads of a process; NaN if the system does not report it. */
export function cpuMs(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN
  // proc(5): fields 14 and 15 of stat; the second field, the name, may contain spaces.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK
}
