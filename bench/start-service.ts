import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isReady } from '../deploy/is-ready.ts'
import { keep } from './children.ts'
import { pin, type Role } from './pin.ts'
import { peakResidentMiB, residentMiB } from './resident-mib.ts'

// A processor may first recreate a read model of a million outcomes.
const READY_WITHIN_MS = 600_000
// Linux reports CPU time in hundredths of a second (USER_HZ).
const MS_PER_TICK = 10

interface ServiceOptions {
  command: string[]
  port: number
  env: Record<string, string>
  /** Decides its cores; undefined: it shares all cores. */
  role?: Role
}

/** A gateway or a processor in a separate process; resolves when it is ready. */
export async function startService({ command, port, env, role }: ServiceOptions) {
  const url = `http://127.0.0.1:${port}`
  const child = Bun.spawn(command, {
    env: { PATH: Bun.env['PATH'], PORT: String(port), LOG_LEVEL: 'warn', ...env },
    stdout: 'inherit',
    stderr: 'inherit',
  })
  keep(child)
  if (role !== undefined) pin(child.pid, role)
  const giveUp = Date.now() + READY_WITHIN_MS
  while (!(await isReady(url))) {
    if (Date.now() > giveUp || child.exitCode !== null) {
      child.kill('SIGKILL')
      throw new Error(`${command.join(' ')} is not ready`)
    }
    await sleep(100)
  }
  return {
    url,
    /** CPU time of all its threads; NaN if the system does not report it. */
    cpuMs: () => cpuMs(child.pid),
    residentMiB: () => residentMiB(child.pid),
    peakMiB: () => peakResidentMiB(child.pid),
    signal: (name: 'SIGSTOP' | 'SIGCONT') => child.kill(name),
    async stop() {
      child.kill('SIGTERM')
      await child.exited
    },
  }
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)

/** Several of them, as one. */
export async function startServices(each: ServiceOptions[]) {
  const services = await Promise.all(each.map(startService))
  return {
    cpuMs: () => sum(services.map((service) => service.cpuMs())),
    residentMiB: () => sum(services.map((service) => service.residentMiB())),
    peakMiB: () => sum(services.map((service) => service.peakMiB())),
    async stop() {
      await Promise.all(services.map((service) => service.stop()))
    },
  }
}

/** proc(5): fields 14 and 15 of stat; the second field, the name, may contain spaces. */
function cpuMs(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK
}
