import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { type Misbehaviour, startTarget } from './test-target.ts'

let stop: (() => Promise<void>) | undefined
afterEach(async () => await stop?.())

function start(misbehaviour: Misbehaviour, ...args: string[]) {
  const target = startTarget(misbehaviour)
  stop = () => target.stop()
  const toTarget = args[0] === 'compare' ? [] : ['--target', target.url]
  return Bun.spawn([process.execPath, 'loadgen/main.ts', ...args, ...toTarget], {
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
  expect(out).toMatch(/exactly one outcome\.+: 75 of 75/)
  expect(err).toMatch(/^sending \d\.\d s of 1\.5 s: 50\/s asked, .*sent \d+, /m)
  expect(err).not.toContain('\u001B')
})

/** What it has said on standard error so far, and waits for a part of it. */
function listen(child: ReturnType<typeof start>) {
  const decoder = new TextDecoder()
  let text = ''
  const ended = (async () => {
    for await (const chunk of child.stderr) text += decoder.decode(chunk, { stream: true })
  })()
  return {
    until: (part: string) =>
      vi.waitFor(() => expect(text).toContain(part), { timeout: 20_000, interval: 20 }),
    all: () => ended.then(() => text),
  }
}

test('the summary is what README shows of it', async () => {
  const readme = readFileSync('README.md', 'utf8')
  const [, shown = ''] = /`npm run load -- smoke`[^]*?```text\n([^]*?)\n```/.exec(readme) ?? []
  const { out } = await run(start({}, 'smoke', '--duration', '2s'))
  const timeless = out
    .split('\n')
    .filter((line) => !line.includes('data_') && !line.includes('NETWORK'))
    .map((line) => line.replace(/: (?:avg=.*|\d+ {2}min=.*)/, ': …').replaceAll(/\b100\b(?!%)/g, '500'))
    .join('\n')
  expect(shown).toContain('exactly one outcome')
  expect(timeless).toContain(shown.trimEnd())
})

test('one is lost: exit code 1', async () => {
  // It waits half a minute for the lost one; two interrupts cut the waiting short.
  const child = start({ outcomes: (o, n) => (n === 3 ? [] : [o]) }, '--rate', '50', '--duration', '60s')
  const { until, all } = listen(child)
  await until('sending 1.')
  child.kill('SIGINT')
  await until('waiting for outcomes')
  child.kill('SIGINT')
  expect(await child.exited).toBe(1)
  expect(await new Response(child.stdout).text()).toMatch(/lost\.+: 1 {2}such as [0-9a-f]+$/m)
  expect(await all()).toContain('not every accepted checkout came out exactly once and right\n')
})

test('interrupted, it ends with the summary', async () => {
  const child = start({}, '--rate', '50', '--duration', '60s')
  await listen(child).until('sending 1.')
  child.kill('SIGINT')
  expect(await child.exited).toBe(0)
  const out = await new Response(child.stdout).text()
  expect(out).toContain('ended early: interrupted')
  expect(out).toMatch(/exactly one outcome\.+: (\d+) of \1$/m)
})

test('a broken threshold: exit code 99, unless something is lost, too', async () => {
  const args = ['--rate', '50', '--duration', '500ms', '--threshold', 'http_req_duration:p(99)<0']
  const broken = await run(start({}, ...args))
  expect(broken.code).toBe(99)
  expect(broken.out).toMatch(/✗ 'p\(99\)<0' p\(99\)=\d/)
  expect(broken.err).toContain('threshold broken: http_req_duration p(99)<0\n')
  await stop?.()
  const kept = await run(start({}, ...args.slice(0, -1), 'http_req_duration:p(99)<60000'))
  expect(kept.code).toBe(0)
  await stop?.()
  const doubled = await run(start({ repeatAfter: () => 0 }, ...args))
  expect(doubled.code).toBe(1)
})

test('quiet, it says nothing before the summary', async () => {
  const { out, err, code } = await run(start({}, '--rate', '50', '--duration', '1500ms', '--quiet'))
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('TOTAL RESULTS')
})

test('the files it was asked for are there: figures, a page, and the shoppers, who can be sent again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'load-files-'))
  const at = (name: string) => join(folder, name)
  const files = ['--summary-export', at('a.json'), '--report', at('a.html'), '--record', at('shoppers')]
  const first = await run(start({}, '--rate', '50', '--duration', '1s', '--tag', 'run=first', ...files))
  expect(first.code).toBe(0)
  const { metrics, load } = JSON.parse(readFileSync(at('a.json'), 'utf8'))
  expect(Object.keys(metrics.http_req_duration)).toEqual(
    expect.arrayContaining(['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)']),
  )
  expect(metrics.http_reqs).toEqual({ count: 50, rate: 50 })
  expect(metrics.dropped_iterations.count).toBe(0)
  expect(load).toMatchObject({ tags: { run: 'first' }, outcomes: { accepted: 50, single: 50 } })
  expect(readFileSync(at('a.html'), 'utf8')).toContain('<svg')
  expect(readFileSync(at('shoppers/folio.txt'), 'utf8').trimEnd().split('\n')).toHaveLength(50)
  await stop?.()

  const bodies: string[] = []
  const recorded = readFileSync(at('shoppers/checkouts.ndjson'), 'utf8').trimEnd().split('\n')
  const again = await run(
    start(
      { received: (body) => bodies.push(body) },
      '--replay',
      at('shoppers/checkouts.ndjson'),
      '--rate',
      '100',
    ),
  )
  expect(again.code).toBe(0)
  expect(again.out).toMatch(/exactly one outcome\.+: 50 of 50/)
  expect(bodies.toSorted()).toEqual(recorded.toSorted())
  await stop?.()

  const twice = await run(start({}, '--duration', '1s', '--record', at('shoppers')))
  expect(twice).toMatchObject({ code: 107, out: '' })
  expect(twice.err).toContain('holds a recording already')
  const compared = await run(start({}, 'compare', at('a.json'), at('a.json')))
  expect(compared.code).toBe(0)
  expect(compared.out).toContain('http_req_duration')
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
