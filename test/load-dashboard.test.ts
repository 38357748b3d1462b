import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, inject, test, vi } from 'vitest'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import { type LoadFigures, loadFiguresSchema } from '../backbone/figures/member-figures.ts'
import type { SystemState } from '../backbone/operations/system-state.ts'
import { loadFigures } from '../gateway/testing/load-figures.ts'
import type { RunResult } from '../loadgen/run-result.ts'
import { readTopic } from './read-topic.ts'
import { createGateways } from './run-gateway.ts'
import { useSystem } from './use-system.ts'

const folder = mkdtempSync(join(tmpdir(), 'load-dashboard-'))
afterAll(() => rmSync(folder, { recursive: true }))
const keys = createTestKeys()
const operator = keys.mint('load', ['write', 'read', 'personal', 'operate'])
const client = keys.mint('load', ['write', 'read', 'personal'])
const system = useSystem({ gateways: 1, processors: 1, settings: { API_KEYS_FILE: keys.path } })

async function load(name: string, { bearer }: { bearer: string }) {
  const [keyFile, summary] = [join(folder, `${name}.key`), join(folder, `${name}.json`)]
  writeFileSync(keyFile, bearer)
  const args = ['--rate', '40', '--duration', '5s', '--quiet', '--dashboard', '--tag', `run=${name}`]
  const files = ['--key-file', keyFile, '--summary-export', summary]
  const target = system().gateways[0]?.url ?? ''
  const child = Bun.spawn([process.execPath, 'loadgen/main.ts', '--target', target, ...args, ...files], {
    stderr: 'pipe',
  })
  const [code, err] = await Promise.all([child.exited, new Response(child.stderr).text()])
  const { metrics, load: run } = JSON.parse(readFileSync(summary, 'utf8')) as RunResult
  const count = (metric: string) => (metrics[metric] as { count: number }).count
  const failed = (metrics['http_req_failed'] as { passes: number }).passes
  return { code, err, run, totals: { sent: count('http_reqs'), accepted: count('accepted'), failed } }
}

/** The reports in Kafka, by the keys of their records. */
async function storedReports(): Promise<Map<string, LoadFigures[]>> {
  const records = await readTopic(system().brokers, system().topics.figures)
  const reports = records.filter(({ value }) => value.startsWith('{"is":"load"'))
  return new Map(
    [...Map.groupBy(reports, ({ key }) => key)].map(([key, group]) => [
      key,
      group.map(({ value }) => loadFiguresSchema.parse(JSON.parse(value))),
    ]),
  )
}

/** Names of the runs in the state of the system. */
async function shownRuns(): Promise<string[]> {
  const response = await fetch(`${system().gateways[0]?.url}/operations`, { headers: operator.headers })
  const { load: runs } = (await response.json()) as SystemState
  return runs.map(({ name }) => name).toSorted()
}

// Each generator is a process of its own.
test("runs are in the state of the system while they go on; their reports end with their summaries' totals", {
  timeout: 90_000,
}, async () => {
  const running = Promise.all([load('first', operator), load('second', operator), load('third', client)])
  const names = ['command line run=first', 'command line run=second']
  await vi.waitFor(async () => expect(await shownRuns()).toEqual(names), { timeout: 30_000, interval: 100 })
  const [first, second, third] = await running
  await vi.waitFor(async () => expect(await shownRuns()).toEqual([]), { timeout: 30_000, interval: 100 })

  expect([first.code, second.code, third.code]).toEqual([0, 0, 0])
  expect(third.err).toMatch(/^--dashboard: the API key of --key-file must have the scope operate; [^\n]*\n$/)
  expect(third.totals.accepted).toBeGreaterThan(0)
  const stored = await storedReports()
  // The third one has no right to report.
  expect(stored.size).toBe(2)
  for (const { run, totals } of [first, second]) {
    const name = `command line run=${run.tags['run']}`
    const [key, reports = []] = stored.entries().find(([, [report]]) => report?.name === name) ?? []
    const last = reports.at(-1)
    expect(key).toBe(`load/${last?.run}`)
    expect(last).toMatchObject({ ...totals, ends: true, stage: run.stages[0]?.name })
    expect(reports.length).toBeGreaterThanOrEqual(5)
    const sent = reports.map((report) => report.sent)
    expect(sent).toEqual(sent.toSorted((a, b) => a - b))
    expect(reports.some(({ planned }) => planned === 40)).toBe(true)
    expect(reports.some(({ p99 = 0 }) => p99 > 0)).toBe(true)
    expect(reports.some(({ delayP99 = 0 }) => delayP99 > 0)).toBe(true)
    // By the clock of the gateway.
    expect(Math.abs((last?.startedAt ?? 0) - Date.parse(run.startedAt))).toBeLessThan(1_000)
  }
})

test('a gateway without Kafka refuses the reports of a run, soon', async ({ onTestFinished }) => {
  const gateways = createGateways(inject('kafkaBrokers'))
  onTestFinished(() => gateways.stop())
  const { url } = await gateways.start({ KAFKA_BROKERS: '127.0.0.1:1' })
  for (let n = 0; n < 2; n++) {
    const response = await fetch(`${url}/operations/load`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(loadFigures),
      signal: AbortSignal.timeout(5_000),
    })
    expect([response.status, await response.json()]).toMatchObject([
      503,
      { type: 'urn:problem-type:checkout:figures-unavailable' },
    ])
    expect(response.headers.get('retry-after')).toMatch(/^[123]$/)
  }
})
