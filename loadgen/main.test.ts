import { afterEach, expect, test } from 'vitest'
import { type Misbehaviour, startTarget } from './test-target.ts'

let stop: (() => Promise<void>) | undefined
afterEach(async () => await stop?.())

function start(misbehaviour: Misbehaviour, ...args: string[]) {
  const target = startTarget(misbehaviour)
  stop = () => target.stop()
  return Bun.spawn([process.execPath, 'loadgen/main.ts', '--target', target.url, ...args], {
    stdout: 'pipe',
    stderr: 'pipe',
  })
}

async function run(child: ReturnType<typeof start>) {
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { out, err, code }
}

test('all is well: the summary on standard output, progress on standard error, exit code 0', async () => {
  const { out, err, code } = await run(start({}, '--rate', '50', '--duration', '1500ms', '--seed', '3'))
  expect(code).toBe(0)
  expect(out).toContain('seed 3')
  expect(out).toMatch(/exactly one outcome +75 of 75/)
  expect(err).toMatch(/^sending \d\.\d s: sent \d+, /m)
  expect(err).not.toContain('\u001B')
})

test('one is lost: exit code 1', async () => {
  // It waits half a minute for the lost one; two interrupts cut the waiting short.
  const child = start({ outcomes: (o, n) => (n === 3 ? [] : [o]) }, '--rate', '50', '--duration', '60s')
  await Bun.sleep(1_500)
  child.kill('SIGINT')
  await Bun.sleep(1_000)
  child.kill('SIGINT')
  const { out, err, code } = await run(child)
  expect(code).toBe(1)
  expect(out).toMatch(/missing +1 {2}such as [0-9a-f]+$/m)
  expect(err).toContain('not every accepted checkout came out exactly once and right\n')
})

test('interrupted, it ends with the summary', async () => {
  const child = start({}, '--rate', '50', '--duration', '60s')
  await Bun.sleep(1_500)
  child.kill('SIGINT')
  const { out, code } = await run(child)
  expect(code).toBe(0)
  expect(out).toMatch(/exactly one outcome +(\d+) of \1$/m)
})

test('bad options: every fault in a line, exit code 107', async () => {
  const { out, err, code } = await run(start({}, '--rate', 'x', '--vus', '--duration=1'))
  expect(code).toBe(107)
  expect(out).toBe('')
  expect(err.trim().split('\n')).toHaveLength(3)
})

test('help: exit code 0', async () => {
  const { out, code } = await run(start({}, '--help'))
  expect(code).toBe(0)
  for (const option of ['--rate', '--duration', '--target', '--seed', '--no-verify'])
    expect(out).toContain(option)
})

test('nobody there: one clear line, exit code 1', async () => {
  const child = start({})
  await stop?.()
  const { out, err, code } = await run(child)
  expect(code).toBe(1)
  expect(out).toBe('')
  expect(err).toMatch(/^cannot load http:\/\/127\.0\.0\.1:\d+: connection refused\n$/)
})
