import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createLoadTest } from './load-test.ts'
import { readOptions } from './options/options.ts'
import { startTarget } from './test-target.ts'

const never = new AbortController().signal

const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n')

/** Each checkout of a recording with when it was due, in order of time. */
function readRecording(folder: string): { body: string; atMs: number }[] {
  const times = linesOf(join(folder, 'checkouts.times.txt')).map(Number)
  return linesOf(join(folder, 'checkouts.ndjson'))
    .map((body, line) => ({ body, atMs: times[line] ?? Number.NaN }))
    .toSorted((a, b) => a.atMs - b.atMs || a.body.localeCompare(b.body))
}

test('a replay at the recorded pace sends each checkout when it was due, by several threads, twice as fast', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'recorded-pace-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [first, second] = [join(folder, 'first'), join(folder, 'second')]
  const arrivals: { body: string; at: number }[] = []
  const target = startTarget({ received: (body) => void arrivals.push({ body, at: Date.now() }) })
  onTestFinished(() => target.stop())

  async function load(...args: string[]) {
    const command = await readOptions(['--target', target.url, '--no-verify', '--seed', '7', ...args])
    if (command.kind !== 'load') throw new Error(`it is ${command.kind}`)
    arrivals.length = 0
    return (await createLoadTest(command.options).run(never, never)).load
  }

  await load('--stage', '600ms:200', '--stage', '900ms:20', '--workers', '2', '--record', first)
  const recorded = readRecording(first)
  expect(recorded).toHaveLength(159)
  const replay = ['--replay', join(first, 'checkouts.ndjson'), '--pace', 'recorded', '--speed', '2']
  const { startedAt, seconds, replayLines } = await load(...replay, '--workers', '3', '--record', second)

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
