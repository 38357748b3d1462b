import { relative } from 'node:path'
import { z } from 'zod'
import { firstToAnswer } from '../../backbone/kafka/bootstrap.ts'
import { connectBroker } from '../../backbone/kafka/socket.ts'
import { isRunning } from '../is-running.ts'
import type { LauncherState } from '../launcher-state.ts'

export interface ProcessStatus {
  name: string
  port: number
  pid: number | undefined
  health: 'ready' | 'warning' | 'not ready' | 'no response' | 'exited'
  /** In records; undefined if unknown. */
  lag: number | 'key required' | 'scope missing' | undefined
  uptimeMs: number
  restarts: number
  /** Problems and remedies. */
  remarks: string[]
}

type LaunchedProcess = LauncherState['processes'][number]
type Health = Pick<ProcessStatus, 'health' | 'remarks'>

const ANSWERS_WITHIN_MS = 2_000
const LAG = /^checkout_consumer_lag_records\{.*?\} (\d+)$/gm
// Gateways share a port, and any of them may accept a connection: enough requests to reach each of a few.
const ASKED_FOR_EACH = 4
const SEVERITY: ProcessStatus['health'][] = ['ready', 'warning', 'not ready', 'no response']

const readinessSchema = z.object({
  checks: z.array(
    z.object({ name: z.string(), status: z.enum(['pass', 'warn', 'fail']), detail: z.string().optional() }),
  ),
})

/**
 * The current state of a process of the launcher. `sharers` is the number of processes on its port; `headers`
 * may contain an API key.
 */
export async function probe(
  part: LaunchedProcess,
  sharers: number,
  headers: Record<string, string>,
): Promise<ProcessStatus> {
  const { name, port, role, restarts, startedAt } = part
  const pid = part.pid !== undefined && isRunning(part.pid) ? part.pid : undefined
  const status = { name, port, pid, restarts, lag: undefined, uptimeMs: Date.now() - startedAt }
  if (pid === undefined) {
    const remark = `it exited and the launcher restarts it; see the end of ${logOf(part)}`
    return { ...status, health: 'exited', remarks: [remark] }
  }
  if (role === 'kafka') return { ...status, ...(await probeBroker(part)) }
  const [health, lag] = await Promise.all([
    probeServices(part, sharers),
    role === 'processor' ? readLag(port, headers) : undefined,
  ])
  return { ...status, ...health, lag }
}

/** The worst answer: processes that share a port cannot be addressed individually. */
async function probeServices(part: LaunchedProcess, sharers: number): Promise<Health> {
  const times = sharers === 1 ? 1 : sharers * ASKED_FOR_EACH
  const answers = await Promise.all(Array.from({ length: times }, () => probeService(part)))
  const [worst = noAnswer(part)] = answers.toSorted(
    (a, b) => SEVERITY.indexOf(b.health) - SEVERITY.indexOf(a.health),
  )
  if (sharers === 1 || worst.health !== 'no response') return worst
  const remark = `it, or another process on port ${part.port}, does not respond: use top to see which one is stopped or busy`
  return { health: 'no response', remarks: [remark] }
}

function logOf({ logFile }: LaunchedProcess): string {
  const near = relative('.', logFile)
  return near.startsWith('..') ? logFile : near
}

const noAnswer = (part: LaunchedProcess): Health => ({
  health: 'no response',
  remarks: [
    `it runs but does not respond within ${ANSWERS_WITHIN_MS / 1000} s: see ${logOf(part)}; kill -9 ${part.pid} makes the launcher restart it`,
  ],
})

async function probeBroker(part: LaunchedProcess): Promise<Health> {
  const brokers = [`127.0.0.1:${part.port}`]
  try {
    await firstToAnswer({ brokers, connect: connectBroker, ssl: undefined })
    return { health: 'ready', remarks: [] }
  } catch {
    return noAnswer(part)
  }
}

async function probeService(part: LaunchedProcess): Promise<Health> {
  try {
    const response = await ask(part.port, '/health/ready')
    const { checks } = readinessSchema.parse(await response.json())
    const remarks = checks.filter(({ status }) => status !== 'pass').map(({ name, detail }) => detail ?? name)
    if (!response.ok) return { health: 'not ready', remarks }
    return { health: remarks.length > 0 ? 'warning' : 'ready', remarks }
  } catch {
    return noAnswer(part)
  }
}

async function readLag(port: number, headers: Record<string, string>): Promise<ProcessStatus['lag']> {
  try {
    const response = await ask(port, '/metrics', headers)
    if (response.status === 401) return 'key required'
    if (response.status === 403) return 'scope missing'
    if (!response.ok) return undefined
    return [...(await response.text()).matchAll(LAG)].reduce((sum, [, records]) => sum + Number(records), 0)
  } catch {
    return undefined
  }
}

// If processes share a port, a kept connection would always reach the same one.
const ask = (port: number, path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, {
    headers,
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    keepalive: false,
  })
