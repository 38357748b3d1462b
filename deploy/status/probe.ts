import { z } from 'zod'
import { firstToAnswer } from '../../backbone/answering-broker.ts'
import { connectBroker } from '../../backbone/connect-broker.ts'
import { isRunning } from '../is-running.ts'
import type { LauncherState } from '../launcher-state.ts'

export interface ProcessStatus {
  name: string
  port: number
  pid: number | undefined
  health: 'ready' | 'warning' | 'not ready' | 'no answer' | 'exited'
  /** In records; undefined where it is not known. */
  lag: number | undefined
  uptimeMs: number
  deaths: number
  /** What is wrong, and what to do. */
  remarks: string[]
}

type Process = LauncherState['processes'][number]

const ANSWERS_WITHIN_MS = 2_000
const LAG = /^checkout_consumer_lag_records\{.*?\} (\d+)$/gm
// Gateways share a port, and whoever takes a connection answers: enough to meet each of a few.
const ASKED_FOR_EACH = 4

const readinessSchema = z.object({
  checks: z.array(
    z.object({ name: z.string(), status: z.enum(['pass', 'warn', 'fail']), detail: z.string().optional() }),
  ),
})

/** How a process of the launcher is doing, asked now. */
export async function probe(
  process: Process,
  sharers: number,
  headers: Record<string, string>,
): Promise<ProcessStatus> {
  const { name, port, role, deaths } = process
  const pid = process.pid !== undefined && isRunning(process.pid) ? process.pid : undefined
  const status = { name, port, pid, deaths, lag: undefined, uptimeMs: Date.now() - process.startedAt }
  if (pid === undefined) {
    const remark = `it exited, and the launcher starts it again; why is at the end of ${process.logFile}`
    return { ...status, health: 'exited', uptimeMs: 0, remarks: [remark] }
  }
  if (role === 'kafka') return { ...status, ...(await probeBroker(process)) }
  const asked = sharers === 1 ? 1 : sharers * ASKED_FOR_EACH
  const answers = await Promise.all(Array.from({ length: asked }, () => probeService(process)))
  const worst = answers.toSorted((a, b) => SEVERITY.indexOf(b.health) - SEVERITY.indexOf(a.health))[0]
  const lag = role === 'processor' ? await readLag(port, headers) : undefined
  return { ...status, lag, ...(worst ?? { health: 'no answer', remarks: [] }) }
}

const SEVERITY: ProcessStatus['health'][] = ['ready', 'warning', 'not ready', 'no answer', 'exited']

type Health = Pick<ProcessStatus, 'health' | 'remarks'>

const noAnswer = ({ pid, logFile }: Process): Health => ({
  health: 'no answer',
  remarks: [
    `it runs and does not answer within ${ANSWERS_WITHIN_MS / 1000} s: see ${logFile}; kill -9 ${pid} makes the launcher start it again`,
  ],
})

async function probeBroker(process: Process): Promise<Health> {
  const brokers = [`127.0.0.1:${process.port}`]
  try {
    await firstToAnswer({ brokers, connect: connectBroker, ssl: undefined })
    return { health: 'ready', remarks: [] }
  } catch {
    return noAnswer(process)
  }
}

async function probeService(process: Process): Promise<Health> {
  try {
    const response = await ask(process.port, '/health/ready')
    const { checks } = readinessSchema.parse(await response.json())
    const remarks = checks.filter(({ status }) => status !== 'pass').map(({ name, detail }) => detail ?? name)
    if (!response.ok) return { health: 'not ready', remarks }
    return { health: remarks.length > 0 ? 'warning' : 'ready', remarks }
  } catch {
    return noAnswer(process)
  }
}

async function readLag(port: number, headers: Record<string, string>): Promise<number | undefined> {
  try {
    const response = await ask(port, '/metrics', headers)
    if (!response.ok) return undefined
    return [...(await response.text()).matchAll(LAG)].reduce((sum, [, records]) => sum + Number(records), 0)
  } catch {
    return undefined
  }
}

// A kept connection would be another's, where several share the port.
const ask = (port: number, path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, {
    headers,
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    keepalive: false,
  })
