import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Kafka, logLevel } from 'kafkajs'
import { expect, vi } from 'vitest'
import { startWatchdog } from '../deploy/watchdog.ts'
import { personalLines } from './personal-data.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const RUNTIMES = {
  bun: ['bun'],
  deno: ['deno', 'run', '-A'],
  node: ['node'],
} as const

export type Runtime = keyof typeof RUNTIMES

interface LogLine {
  level: string
  msg: string
  port?: number
}

/** What it has logged, without the output of its runtime. */
export const linesOf = ({ log }: { log: readonly string[] }): LogLine[] =>
  log.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine)

/** Processes that are started individually, on any runtime, with their own topics. */
export function createGateways(brokers: string[]) {
  const run = randomUUID().slice(0, 8)
  const folder = mkdtempSync(join(tmpdir(), 'checkout-gateway-'))
  const watchdog = startWatchdog(folder)
  const logs: string[][] = []
  const topics = {
    DATA_TOPIC: `DataTopic-${run}`,
    NOTIFICATIONS_TOPIC: `Notifications-${run}`,
    DEAD_LETTER_TOPIC: `DeadLetter-${run}`,
    FOLLOW_UP_TOPIC: `FollowUp-${run}`,
    FIGURES_TOPIC: `Figures-${run}`,
    HISTORY_TOPIC: `History-${run}`,
    LAYOUT_TOPIC: `Layout-${run}`,
  }

  /** Resolves when it listens. */
  async function start(
    settings: Record<string, string> = {},
    runtime: Runtime = 'bun',
    role: 'gateway' | 'processor' = 'gateway',
  ) {
    const [program, ...args] = RUNTIMES[runtime]
    const child = watchdog.spawn(
      role,
      join(root, 'node_modules/.bin', program),
      [...args, join(root, role, 'main.ts')],
      {
        env: {
          PATH: process.env['PATH'],
          KAFKA_BROKERS: brokers.join(','),
          PORT: '0',
          VIEW_FILE: join(folder, `view-${logs.length}.db`),
          ...topics,
          ...settings,
        },
        stdout: 'pipe',
        stderr: 'pipe',
      },
    )
    const log: string[] = []
    logs.push(log)
    if (!child.stdout || !child.stderr) throw new Error('its output is not piped')
    createInterface(child.stderr).on('line', (line) => log.push(line))
    createInterface(child.stdout).on('line', (line) => log.push(line))
    const exited = once(child, 'exit').then(([code]) => code as number | null)

    const port = await vi.waitFor(
      () => {
        if (child.exitCode !== null) return 0
        const listening = linesOf({ log }).find(({ msg }) => msg === 'listening')
        if (listening?.port === undefined) throw new Error(`it does not listen: ${log.join('\n')}`)
        return listening.port
      },
      { timeout: 20_000 },
    )
    const url = `http://127.0.0.1:${port}`
    return {
      port,
      url,
      log,
      child,
      exited,
      ready: () =>
        vi.waitFor(
          async () => {
            const response = await fetch(`${url}/health/ready`)
            if (!response.ok) throw new Error(`it is not ready: ${await response.text()}`)
          },
          { timeout: 40_000 },
        ),
      post: (checkout: object, headers: Record<string, string> = {}) =>
        fetch(`${url}/checkout`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(checkout),
        }),
    }
  }

  return {
    topic: topics.DATA_TOPIC,
    topics,
    start,
    async stop() {
      await watchdog.drain()
      const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
      await admin.connect()
      const existing = await admin.listTopics()
      await admin.deleteTopics({ topics: Object.values(topics).filter((topic) => existing.includes(topic)) })
      await admin.disconnect()
      rmSync(folder, { recursive: true, force: true })
      expect(personalLines(logs.flat().join('\n'))).toEqual([])
    },
  }
}

export type RunningGateway = Awaited<ReturnType<ReturnType<typeof createGateways>['start']>>
