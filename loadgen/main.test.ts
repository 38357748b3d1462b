import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { type Misbehaviour, startTarget } from './test-target.ts'

function spawnLoad(...args: string[]) {
  return Bun.spawn([process.execPath, 'loadgen/main.ts', ...args], { stdout: 'pipe', stderr: 'pipe' })
}

/** Runs against a local target, which ends with it. */
function start(misbehaviour: Misbehaviour, ...args: string[]) {
  const target = startTarget(misbehaviour)
  const child = spawnLoad(...args, '--target', target.url)
  void child.exited.then(() => target.stop())
  return child
}

async function run(child: ReturnType<typeof start>) {
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { out, err, code }
}

test.concurrent('success: the summary on standard output, progress on standard error, exit code 0', async () => {
  const { out, err, code } = await run(start({}, '--rate', '50', '--duration', '1500ms', '--seed', '3'))
  expect(code).toBe(0)
  expect(out).toContain('seed 3')
  expect(out).toMatch(/exactly one outcome\.+: 75 of 75/)
  expect(err).toMatch(/^sending \d\.\d s of 1\.5 s: 50\/s planned, .*sent \d+, /m)
  expect(err).not.toContain('\u001B')
})

test.concurrent('a key is sent to a target that requires one, and is not printed', async () => {
  const key = 'web.secret-of-the-test'
  const folder = mkdtempSync(join(tmpdir(), 'load-key-'))
  const file = join(folder, 'key')
  writeFileSync(file, `${key}\n`)
  const summary = join(folder, 'summary.json')
  const flags = ['--rate', '50', '--duration', '1s', '--summary-export', summary]
  const misbehaviour: Misbehaviour = { key }
  const { out, err, code } = await run(start(misbehaviour, ...flags, '--key-file', file))
  expect({ code, err }).toMatchObject({ code: 0 })
  expect(out).toMatch(/exactly one outcome\.+: 50 of 50/)
  expect(out + err + readFileSync(summary, 'utf8')).not.toContain('secret-of-the-test')

  const without = await run(start(misbehaviour, ...flags))
  expect(without.code).toBe(1)
  expect(without.err).toMatch(/: stream of notifications: status 401; .* with --key-file\n$/)
  expect(without.err).not.toContain('--no-verify')

  const unverified = await run(start(misbehaviour, ...flags, '--no-verify'))
  expect(unverified.code).toBe(1)
  expect(unverified.err).toMatch(
    /^nothing was accepted \(401\): it requires an API key: .* with --key-file$/m,
  )
})

/** The output on standard error so far; waits for a part of it. */
/** On a busy machine the progress of a second may be left out. */
const SENT_FOR_A_SECOND = /^sending [1-9]/m

function listen(child: ReturnType<typeof start>) {
  const decoder = new TextDecoder()
  let text = ''
  const ended = (async () => {
    for await (const chunk of child.stderr) text += decoder.decode(chunk, { stream: true })
  })()
  return {
    until: (part: string | RegExp) =>
      vi.waitFor(() => expect(text).toMatch(part), { timeout: 20_000, interval: 20 }),
    all: () => ended.then(() => text),
  }
}

test.concurrent('the summary has the layout of the guide', async () => {
  const guide = readFileSync('docs/guides/load-testing.md', 'utf8')
  const [, shown = ''] = /`npm run load -- smoke`[^]*?```text\n([^]*?)\n```/.exec(guide) ?? []
  const { out } = await run(start({}, 'smoke', '--duration', '2s'))
  const timeless = out
    .split('\n')
    .filter((line) => !line.includes('data_') && !line.includes('NETWORK'))
    .map((line) => line.replace(/: (?:avg=.*|\d+ {2}min=.*)/, ': …').replaceAll(/\b100\b(?!%)/g, '500'))
    .join('\n')
  expect(shown).toContain('exactly one outcome')
  expect(timeless).toContain(shown.trimEnd())
})

test.concurrent('the wait for outcomes is interrupted: exit code 1, as the last outcome is unknown', async () => {
  const outcomes: Misbehaviour['outcomes'] = (o, n) => (n === 3 ? [] : [o])
  const twice = start({ outcomes }, '--rate', '50', '--duration', '60s')
  const { until, all } = listen(twice)
  await until(SENT_FOR_A_SECOND)
  twice.kill('SIGINT')
  await until('waiting for outcomes')
  twice.kill('SIGINT')
  expect(await twice.exited).toBe(1)
  expect(await new Response(twice.stdout).text()).toContain('ended early: interrupted')
  expect(await all()).toContain('the outcome of 1 accepted checkout is unknown\n')

  // After the planned end only the wait can be interrupted.
  const once = start({ outcomes }, '--rate', '50', '--duration', '500ms')
  await listen(once).until('waiting for outcomes')
  once.kill('SIGTERM')
  expect(await once.exited).toBe(1)
})

test.concurrent.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends the waiting for answers, too',
  async (signal) => {
    const child = start({ stall: () => new Promise(() => {}) }, '--rate', '50', '--duration', '500ms')
    await listen(child).until('waiting for answers')
    child.kill(signal)
    expect(await child.exited).toBe(1)
    expect(await new Response(child.stdout).text()).toContain('TOTAL RESULTS')
  },
)

// Bun has no such terminals on Windows.
test.skipIf(process.platform === 'win32')(
  'a closed terminal ends it, and loses no file',
  { concurrent: true },
  async ({ onTestFinished }) => {
    const target = startTarget({})
    onTestFinished(() => target.stop())
    const file = join(mkdtempSync(join(tmpdir(), 'load-closed-')), 'a.json')
    const args = ['--target', target.url, '--rate', '50', '--duration', '60s', '--summary-export', file]
    const decoder = new TextDecoder()
    let shown = ''
    const child = Bun.spawn([process.execPath, 'loadgen/main.ts', ...args], {
      terminal: {
        cols: 100,
        rows: 30,
        data(_, bytes) {
          shown += decoder.decode(bytes, { stream: true })
        },
      },
    })
    // A run that ends before anything was accepted has failed.
    await vi.waitFor(() => expect(Bun.stripANSI(shown)).toMatch(/notified +p50/), { timeout: 20_000 })
    child.terminal?.close()
    expect(await child.exited).toBe(0)
    expect(JSON.parse(readFileSync(file, 'utf8')).load.endedEarly).toBe('interrupted')
  },
)

test.concurrent('a file cannot be written: one clear line, the summary all the same, and exit code 1', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'load-unwritten-')), 'a.json')
  const child = start({}, '--rate', '50', '--duration', '3s', '--summary-export', file)
  const { until, all } = listen(child)
  await until('sending ')
  mkdirSync(file)
  expect(await child.exited).toBe(1)
  expect(await new Response(child.stdout).text()).toContain('TOTAL RESULTS')
  expect(await all()).toMatch(/^cannot write .*a\.json: illegal operation on a directory\n$/m)
})

test.concurrent('interrupted, it ends with the summary', async () => {
  const child = start({}, '--rate', '50', '--duration', '60s')
  await listen(child).until(SENT_FOR_A_SECOND)
  child.kill('SIGINT')
  expect(await child.exited).toBe(0)
  const out = await new Response(child.stdout).text()
  expect(out).toContain('ended early: interrupted')
  expect(out).toMatch(/exactly one outcome\.+: (\d+) of \1$/m)
})

test.concurrent('a broken threshold: exit code 99, unless something is lost, too', async () => {
  const args = ['--rate', '50', '--duration', '500ms', '--threshold', 'http_req_duration:p(99)<0']
  const broken = await run(start({}, ...args))
  expect(broken.code).toBe(99)
  expect(broken.out).toMatch(/✗ 'p\(99\)<0' p\(99\)=\d/)
  expect(broken.err).toContain('threshold broken: http_req_duration p(99)<0\n')
  const kept = await run(start({}, ...args.slice(0, -1), 'http_req_duration:p(99)<60000'))
  expect(kept.code).toBe(0)
  const doubled = await run(start({ repeatAfter: () => 0 }, ...args))
  expect(doubled.code).toBe(1)
})

test.concurrent('with --quiet, nothing is printed before the summary', async () => {
  const { out, err, code } = await run(start({}, '--rate', '50', '--duration', '1500ms', '--quiet'))
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('TOTAL RESULTS')
})

test.concurrent('the requested files are written: figures, a page, and shoppers that can be replayed', async () => {
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

  const twice = await run(start({}, '--duration', '1s', '--record', at('shoppers')))
  expect(twice).toMatchObject({ code: 107, out: '' })
  expect(twice.err).toContain('already contains a recording')
  const compared = await run(spawnLoad('compare', at('a.json'), at('a.json')))
  expect(compared.code).toBe(0)
  expect(compared.out).toContain('http_req_duration')
})

test.concurrent('bad options: every fault in a line, exit code 107', async () => {
  const { out, err, code } = await run(start({}, '--rate', 'x', '--vus', '--duration=1'))
  expect(code).toBe(107)
  expect(out).toBe('')
  expect(err.trim().split('\n')).toHaveLength(3)
})

test.concurrent('help: exit code 0', async () => {
  const { out, code } = await run(start({}, '--help'))
  expect(code).toBe(0)
  for (const option of ['--rate', '--duration', '--target', '--seed', '--no-verify'])
    expect(out).toContain(option)
})

test.concurrent('unreachable target: one clear line, no recording, exit code 1', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'load-nobody-'))
  const target = startTarget()
  await target.stop()
  const child = spawnLoad('--record', folder, '--target', target.url)
  const { out, err, code } = await run(child)
  expect(code).toBe(1)
  expect(out).toBe('')
  // A slow machine shows progress during that time.
  expect(err.replaceAll(/^connecting .*\n/gm, '')).toMatch(
    /^cannot load http:\/\/127\.0\.0\.1:\d+: connection refused; is the system running\? npm start .*\n$/,
  )
  expect(readdirSync(folder)).toEqual([])
})
