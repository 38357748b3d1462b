import { setTimeout as sleep } from 'node:timers/promises'
import { isReady } from '../deploy/is-ready.ts'
import { keep } from './children.ts'
import { cpuMs } from './cpu-time.ts'
import { pin, type Role } from './pin.ts'
import { peakResidentMiB, residentMiB } from './resident-mib.ts'

// A processor may first recreate a read model of a million outcomes.
const READY_WITHIN_MS = 600_000

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
