import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type TestContext, test, vi } from 'vitest'
import type { LoadFigures } from '../../backbone/figures/member-figures.ts'
import type { RunResult } from '../run-result.ts'
import { type Misbehaviour, startTarget } from '../test-target.ts'

const LOAD = ['--seed', '3', '--stage', '1s:50', '--stage', '1500ms:50']
const DUE = 100

/** A load against a local target that keeps the reports. */
function start({ onTestFinished }: TestContext, misbehaviour: Misbehaviour, ...args: string[]) {
  const reports: LoadFigures[] = []
  const bodies: string[] = []
  const target = startTarget({
    received: (body) => bodies.push(body),
    ...misbehaviour,
    reported(figures) {
      reports.push(figures)
      return misbehaviour.reported?.(figures) ?? 204
    },
  })
  const folder = mkdtempSync(join(tmpdir(), 'dashboard-'))
  const summary = join(folder, 'summary.json')
  const child = Bun.spawn(
    [process.execPath, 'loadgen/main.ts', '--target', target.url, '--summary-export', summary, ...args],
    { stdout: 'pipe', stderr: 'pipe' },
  )
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await target.stop()
    rmSync(folder, { recursive: true })
  })
  const out = new Response(child.stdout).text()
  let err = ''
  const ended = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of child.stderr) err += decoder.decode(chunk, { stream: true })
  })()
  return {
    url: target.url,
    child,
    reports,
    bodies,
    shown: (part: string | RegExp) =>
      vi.waitFor(() => expect(err).toMatch(part), { timeout: 20_000, interval: 20 }),
    async result() {
      const code = await child.exited
      await Promise.all([out, ended])
      const result = JSON.parse(readFileSync(summary, 'utf8')) as RunResult
      return { code, err, ...result }
    },
  }
}

const countOf = (metrics: RunResult['metrics'], name: string) => (metrics[name] as { count: number }).count

/** Of the summary, by the names of the reports. */
const totalsOf = ({ metrics, load }: RunResult) => ({
  sent: countOf(metrics, 'http_reqs') + load.unanswered,
  accepted: countOf(metrics, 'accepted'),
  failed: (metrics['http_req_failed'] as { passes: number }).passes,
})

/** One a second, besides the first and the last. */
const mostReportsOf = (reports: readonly LoadFigures[]) =>
  Math.ceil(((reports.at(-1)?.at ?? 0) - (reports[0]?.at ?? 0)) / 1_000) + 2

test.concurrent('a run is reported once a second, and its last report equals its summary', async (context) => {
  const run = start(
    context,
    { refuse: (n) => (n % 10 === 0 ? 503 : undefined) },
    '--dashboard',
    ...LOAD,
    '--tag',
    'machine=a',
  )
  const result = await run.result()
  expect(result).toMatchObject({ code: 0, err: expect.stringContaining(`operations page: ${run.url}/\n`) })
  expect(totalsOf(result)).toEqual({ sent: DUE, accepted: 90, failed: 10 })

  const { reports } = run
  const [first, last] = [reports[0], reports.at(-1)]
  expect(new Set(reports.map(({ name }) => name))).toEqual(new Set(['command line machine=a']))
  expect(new Set(reports.map(({ run: id }) => id)).size).toBe(1)
  expect(first).toMatchObject({ sent: 0, accepted: 0, failed: 0 })
  expect(last).toMatchObject({ ...totalsOf(result), ends: true })
  expect(reports.slice(0, -1).map(({ ends }) => ends)).not.toContain(true)
  expect(Math.abs((last?.startedAt ?? 0) - Date.parse(result.load.startedAt))).toBeLessThan(3)

  // The load takes 2.5 s, and the wait for duplicates one more.
  expect(reports.length).toBeGreaterThanOrEqual(4)
  expect(reports.length).toBeLessThanOrEqual(mostReportsOf(reports))
  const names = result.load.stages.map(({ name }) => name)
  expect(names).toHaveLength(2)
  expect(new Set(reports.map(({ stage }) => stage))).toEqual(new Set(names))
  expect(reports.find(({ p99 }) => p99 !== undefined)).toMatchObject({ planned: expect.any(Number) })
  expect(reports.some(({ delayP50 = 0 }) => delayP50 > 18)).toBe(true)
})

test.concurrent('without the flag nothing is reported', async (context) => {
  const run = start(context, {}, '--rate', '50', '--duration', '1s')
  expect(await run.result()).toMatchObject({ code: 0, err: expect.not.stringContaining('operations page') })
  expect(run.reports).toEqual([])
})

test.concurrent.for([
  [401, 'name a file with one that has the scope operate with --key-file; the run goes on without it\n'],
  [403, 'the API key of --key-file must have the scope operate; the run goes on without it\n'],
  [404, 'the target has no POST /operations/load: is it an older gateway?; the run goes on without it\n'],
] as const)('%i: one warning, no further report, and the run passes', async ([status, warning], context) => {
  const run = start(context, { reported: () => status }, '--dashboard', '--quiet', ...LOAD)
  const result = await run.result()
  expect(result).toMatchObject({ code: 0, err: expect.stringMatching(/^--dashboard: .*\n$/) })
  expect(result.err).toContain(warning)
  expect(totalsOf(result)).toEqual({ sent: DUE, accepted: DUE, failed: 0 })
  expect(run.reports).toHaveLength(1)
})

test.concurrent('a target that never answers reports changes nothing, and gets one at a time', async (context) => {
  const plain = start(context, {}, ...LOAD)
  const expected = await plain.result()
  const run = start(context, { reported: () => new Promise(() => {}) }, '--dashboard', ...LOAD)
  const result = await run.result()
  expect(result.code).toBe(0)
  expect(totalsOf(result)).toEqual(totalsOf(expected))
  expect(run.bodies.toSorted()).toEqual(plain.bodies.toSorted())
  expect(countOf(result.metrics, 'dropped_iterations')).toBe(0)
  const { length } = run.reports
  expect(length).toBeLessThanOrEqual(mostReportsOf(run.reports))
  expect(result.err).toContain(`--dashboard: ${length} of ${length} reports failed (timeout: ${length})\n`)
})

test.concurrent('reports that fail on the way are counted once, at the end', async (context) => {
  let n = 0
  const run = start(context, { reported: () => (n++ === 1 ? 503 : 204) }, '--dashboard', '--quiet', ...LOAD)
  const { code, err } = await run.result()
  expect([code, err]).toEqual([0, `--dashboard: 1 of ${run.reports.length} reports failed (503: 1)\n`])
})

test.concurrent('an interrupted run reports its end', async (context) => {
  const run = start(context, {}, '--dashboard', '--rate', '50', '--duration', '60s')
  // On a busy machine the progress of a second may be left out.
  await run.shown(/^sending [1-9]/m)
  run.child.kill('SIGINT')
  const result = await run.result()
  expect(result.load.endedEarly).toBe('interrupted')
  expect(run.reports.at(-1)).toMatchObject({ ...totalsOf(result), ends: true })
})

test.concurrent('a run that is given up reports its end, too', async (context) => {
  // The outcome of one checkout never comes, and the look-up of it takes its time.
  const outcomes: Misbehaviour['outcomes'] = (o, n) => (n === 3 ? [] : [o])
  const run = start(context, { outcomes, mute: true }, '--dashboard', '--rate', '50', '--duration', '500ms')
  await run.shown('waiting for outcomes')
  run.child.kill('SIGINT')
  // npm's copy of a signal counts as the same.
  await Bun.sleep(300)
  run.child.kill('SIGINT')
  expect(await run.child.exited).toBe(130)
  expect(run.reports.at(-1)).toMatchObject({ sent: 25, ends: true })
})

test.concurrent('a run that fails before its first checkout reports its end, too', async (context) => {
  const reports: LoadFigures[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const isReport = new URL(request.url).pathname === '/operations/load'
      if (isReport) reports.push((await request.json()) as LoadFigures)
      return new Response(null, { status: isReport ? 204 : 404 })
    },
  })
  context.onTestFinished(() => server.stop(true))
  const target = `http://127.0.0.1:${server.port}`
  const child = Bun.spawn([process.execPath, 'loadgen/main.ts', '--target', target, '--dashboard'], {
    stderr: 'pipe',
  })
  expect(await child.exited).toBe(1)
  expect(await new Response(child.stderr).text()).toContain('stream of notifications: status 404')
  expect(reports.length).toBeGreaterThanOrEqual(2)
  expect(reports.at(-1)).toMatchObject({ sent: 0, ends: true })
})
