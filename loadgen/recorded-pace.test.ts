import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createLoadTest } from './load-test.ts'
import { readOptions } from './options/options.ts'
import { startTarget } from './test-target.ts'

const never = new AbortController().signal

const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n')

/** Each checkout of a recording with its due time, in order of time. */
function readRecording(folder: string): { body: string; atMs: number }[] {
  const times = linesOf(join(folder, 'checkouts.times.txt')).map(Number)
  return linesOf(join(folder, 'checkouts.ndjson'))
    .map((body, line) => ({ body, atMs: times[line] ?? Number.NaN }))
    .toSorted((a, b) => a.atMs - b.atMs || a.body.localeCompare(b.body))
}

/** Runs a load against a local target that records when each body arrived. */
function createRuns() {
  const folder = mkdtempSync(join(tmpdir(), 'recorded-pace-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const arrivals: { body: string; at: number }[] = []
  const target = startTarget({ received: (body) => void arrivals.push({ body, at: Date.now() }) })
  onTestFinished(() => target.stop())

  async function load(...args: string[]) {
    const command = await readOptions(['--target', target.url, '--no-verify', '--seed', '7', ...args])
    if (command.kind !== 'load') throw new Error(`it is ${command.kind}`)
    arrivals.length = 0
    return createLoadTest(command.options).run(never, never)
  }
  return { folder, arrivals, load }
}

test('a replay at the recorded pace sends each checkout when it was due, by several threads, twice as fast', async () => {
  const { folder, arrivals, load } = createRuns()
  const [first, second] = [join(folder, 'first'), join(folder, 'second')]

  await load('--stage', '600ms:200', '--stage', '900ms:20', '--workers', '2', '--record', first)
  const recorded = readRecording(first)
  expect(recorded).toHaveLength(159)
  const replay = ['--replay', join(first, 'checkouts.ndjson'), '--pace', 'recorded', '--speed', '2']
  const { startedAt, seconds, replayLines } = (await load(...replay, '--workers', '3', '--record', second))
    .load

  const again = readRecording(second)
  expect(replayLines).toBe(159)
  expect(again.map(({ body }) => body).toSorted()).toEqual(recorded.map(({ body }) => body).toSorted())
  for (const [index, { atMs }] of again.entries())
    expect(atMs).toBeCloseTo((recorded[index]?.atMs ?? 0) / 2, 2)
  expect(seconds * 2_000).toBeCloseTo(recorded.at(-1)?.atMs ?? 0, 2)

  const earliest = new Map(again.toReversed().map(({ body, atMs }) => [body, atMs]))
  for (const { body, at } of arrivals) {
    // Both clocks show whole milliseconds.
    expect(at + 2).toBeGreaterThanOrEqual(Date.parse(startedAt) + (earliest.get(body) ?? Number.NaN))
  }
})

test('the lines of a recording may be in any order of time', async () => {
  const { folder, arrivals, load } = createRuns()
  const file = join(folder, 'mine.ndjson')
  const lines = Array.from({ length: 50 }, (_, line) => line)
  writeFileSync(file, lines.map((line) => `{"line":${line}}\n`).join(''))
  writeFileSync(join(folder, 'mine.times.txt'), lines.map((line) => `${2_450 - 50 * line}\n`).join(''))
  const { metrics } = await load('--replay', file, '--pace', 'recorded', '--workers', '2')
  expect(metrics['dropped_iterations']).toMatchObject({ count: 0 })
  expect(arrivals).toHaveLength(50)
  const [first, last] = [
    arrivals.find(({ body }) => body === '{"line":49}'),
    arrivals.find(({ body }) => body === '{"line":0}'),
  ]
  expect((last?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(1_000)
})
