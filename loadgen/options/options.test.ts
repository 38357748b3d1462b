import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultShares } from '../shoppers/shopper-shares.ts'
import { readyMadeLoads } from './find-load.ts'
import type { LoadOptions } from './load-options.ts'
import { help, readOptions } from './options.ts'
import { OptionsError } from './options-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'load-options-'))

async function optionsOf(...args: string[]): Promise<LoadOptions> {
  const command = await readOptions(args, folder)
  if (command.kind !== 'load') throw new Error(`it is ${command.kind}`)
  return command.options
}

async function faultsOf(...args: string[]): Promise<string[]> {
  try {
    await readOptions(args, folder)
  } catch (error) {
    if (error instanceof OptionsError) return error.faults
    throw error
  }
  return []
}

const segmentsOf = ({ plans }: LoadOptions) =>
  plans.flatMap(({ segments }) =>
    segments.map(({ durationMs, from, to }) => [durationMs, Number(from.toFixed(6)), Number(to.toFixed(6))]),
  )

test('without options there are defaults, and another seed each time', async () => {
  const [first, second] = [await optionsOf(), await optionsOf()]
  expect(first).toMatchObject({
    name: 'command line',
    target: 'http://127.0.0.1:8080',
    verify: true,
    quiet: false,
    dashboard: false,
    breakpoint: false,
    tags: {},
    thresholds: [],
  })
  expect(first.plans).toMatchObject([
    { model: 'open', timeoutMs: 30_000, attempts: 1, maxInFlight: 10_000, shares: defaultShares },
  ])
  expect(segmentsOf(first)).toEqual([[30_000, 500, 500]])
  expect(first.seed).not.toBe(second.seed)
})

test('every option is read, in both forms', async () => {
  const given = `--rate 0.5 --duration=1m30s --target https://shop.example/api/ --seed 7 --max-vus 20 --timeout 5s
    --attempts 3 --workers 2 --no-verify --quiet --dashboard --buyers 0.5 --slow=0 --returning 1 --zipf 0 --path 1 --locales es,fr
    --tag release=1.2 --tag note=a=b --threshold http_req_duration{lane:purchase}:p(99)<250
    --threshold http_req_failed:rate<0.01 --summary-export a.json --report r.html --record shoppers`
  const options = await optionsOf(...given.split(/\s+/))
  expect(options).toMatchObject({
    target: 'https://shop.example/api',
    seed: 7,
    workers: 2,
    verify: false,
    quiet: true,
    dashboard: true,
    tags: { release: '1.2', note: 'a=b' },
    summaryExport: join(folder, 'a.json'),
    report: join(folder, 'r.html'),
    record: join(folder, 'shoppers'),
  })
  expect(options.plans).toMatchObject([
    {
      maxInFlight: 20,
      timeoutMs: 5_000,
      attempts: 3,
      shares: { buyers: 0.5, slow: 0, returning: 1, zipf: 0, path: 1, locales: ['es', 'fr'] },
    },
  ])
  expect(segmentsOf(options)).toEqual([[90_000, 0.5, 0.5]])
  expect(options.thresholds.map(({ metric, expression }) => `${metric} ${expression}`)).toEqual([
    'http_req_duration{lane:purchase} p(99)<250',
    'http_req_failed rate<0.01',
  ])
})

test.each<[string[], string, number[][]]>([
  [
    ['--stage', '30s:500', '--stage', '10s:0'],
    'open',
    [
      [30_000, 0, 500],
      [10_000, 500, 0],
    ],
  ],
  [['--stage', '30s:500', '--rate', '100'], 'open', [[30_000, 100, 500]]],
  [['--vus', '10'], 'closed', [[30_000, 10, 10]]],
  [['--vus', '10', '--stage', '30s:500'], 'closed', [[30_000, 10, 500]]],
  [['--executor', 'ramping-vus', '--stage', '30s:5'], 'closed', [[30_000, 0, 5]]],
  [['--executor', 'constant-vus', '--think-time', '1s'], 'closed', [[30_000, 1, 1]]],
  [['--duration', 'forever'], 'open', [[Number.POSITIVE_INFINITY, 500, 500]]],
])('%j is a load', async (args, model, segments) => {
  const options = await optionsOf(...args)
  expect(options.plans.map((plan) => plan.model)).toEqual([model])
  expect(segmentsOf(options)).toEqual(segments)
})

test.each<[string[], string]>([
  [['--executor', 'ramping-vus'], 'ramping-vus requires --stage'],
  [['--stage', '1s:5', '--duration', '1s'], 'ramping-arrival-rate takes --stage, not --duration'],
  [['--executor', 'constant-vus', '--stage', '1s:5'], 'constant-vus takes --duration, not --stage'],
  [['--vus', '5', '--rate', '5'], 'constant-vus takes --vus, not --rate'],
  [['--vus', '5', '--max-vus', '5'], 'constant-vus takes --vus, not --max-vus'],
  [['--executor', 'constant-arrival-rate', '--vus', '5'], 'constant-arrival-rate takes --rate, not --vus'],
  [['--think-time', '1s'], 'constant-arrival-rate takes no --think-time'],
  [['smoke', '--stage', '1s:5'], '--stage cannot be combined with a scenario'],
  [['smoke', 'soak'], "'soak' is a second scenario; only one is allowed"],
  [['smoak'], "there is no scenario 'smoak': use breakpoint, classic, cyberday, "],
  [['mine.ts'], 'there is no file mine.ts'],
  [['--threshold', 'lost:count==0', '--no-verify'], 'threshold lost: is not measured with --no-verify'],
  [['--threshold', 'lost:p(99)<250'], "threshold lost: 'p(99)<250' lost has only count or rate"],
  [['--report', 'nowhere/r.html'], '--report cannot be written: there is no folder'],
  [['--key-file', 'nowhere'], '--key-file cannot be read'],
  [['--key-file', join(process.cwd(), 'README.md')], '--key-file contains no API key'],
  [['--report', '.'], '--report must be a file'],
  [['--replay', 'nothing.ndjson'], '--replay'],
  [
    ['--max-vus', '2', '--workers', '3'],
    "--workers must be at most 2, the most checkouts in flight, not '3'",
  ],
  [['--summary-export', 'a', '--report', './a'], '--report must not be the file of --summary-export'],
  [['--vus', '1', '--stage', '10s:20000'], '--stage must be a whole number from 0 to 10000'],
  [['--vus', '1', '--stage', '10s:2.5'], '--stage must be a whole number from 0 to 10000'],
  [['--stage', '0s:5'], '--stage must have a stage longer than 0s'],
  [['compare', 'a.json'], 'compare takes exactly two files'],
  [['compare', 'a.json', 'b.json', '--quiet'], 'compare takes exactly two files'],
])('%j: %s', async (args, fault) => {
  const faults = await faultsOf(...args)
  expect(faults).toHaveLength(1)
  expect(faults[0]).toContain(fault)
})

test('all faults are named at once', async () => {
  const args = ['--rate', 'fast', '--duration', '30', '--target', 'ftp://x', '--seed', '-1', '--wings', '3']
  expect(await faultsOf('smoak', ...args, '--no-verify=no', '--rate', '5', '--stage', 'x', 'soak')).toEqual([
    '--wings is unknown',
    '--no-verify takes no value',
    '--rate is given twice',
    expect.stringMatching(/^--target must be .*, not 'ftp:\/\/x'$/),
    expect.stringMatching(/^--rate must be .*, not 'fast'$/),
    expect.stringMatching(/^--duration must be .*, not '30'$/),
    expect.stringMatching(/^--seed must be .*, not '-1'$/),
    expect.stringMatching(/^--stage must be .*, not 'x'$/),
    "'soak' is a second scenario; only one is allowed",
    "there is no scenario 'smoak': use breakpoint, classic, cyberday, mixed, retries, smoke, soak, or the path of a .ts file",
  ])
})

test('the word after an unknown flag is not taken as a scenario', async () => {
  expect(await faultsOf('-u', '10', '-d5s', '--wings', 'smoke')).toEqual([
    '-u is unknown',
    '-d is unknown',
    '--wings is unknown',
  ])
  expect(await faultsOf('--wings=3', 'smoak')).toEqual([
    '--wings is unknown',
    expect.stringContaining("no scenario 'smoak'"),
  ])
})

test('the file that is replayed is not written over', async () => {
  const file = join(folder, 'replayed.ndjson')
  writeFileSync(file, '{}\n')
  expect(await faultsOf('--replay', 'replayed.ndjson', '--report', 'replayed.ndjson')).toContain(
    '--report must not be the file of --replay',
  )
})

test('help takes precedence over faults, and lists every ready-made load', async () => {
  expect(await readOptions(['--rate', 'fast', '--help'], folder)).toEqual({ kind: 'help' })
  for (const name of readyMadeLoads()) expect(help).toMatch(new RegExp(`^  ${name} +\\S`, 'm'))
})

test('every ready-made load is valid', async () => {
  for (const name of readyMadeLoads()) {
    const options = await optionsOf(name)
    expect(options.name).toBe(name)
    expect(options.plans.length).toBeGreaterThan(0)
  }
})

test('classic is one shopper every two seconds, without end', async () => {
  expect(segmentsOf(await optionsOf('classic'))).toEqual([[Number.POSITIVE_INFINITY, 0.5, 0.5]])
})

test('a ready-made load keeps its shape at another peak and length', async () => {
  const [usual, other] = [
    await optionsOf('cyberday'),
    await optionsOf('cyberday', '--rate', '100', '--duration', '14.2s'),
  ]
  const relative = (options: LoadOptions, peak: number, factor: number) =>
    segmentsOf(options).map(([ms = 0, from = 0, to = 0]) => [
      Number((ms * factor).toFixed(3)),
      Number((from / peak).toFixed(6)),
      Number((to / peak).toFixed(6)),
    ])
  expect(relative(usual, 1_000, 0.1)).toEqual(relative(other, 100, 1))
  expect(other.plans[0]?.segments.at(-1)?.endMs).toBeCloseTo(14_200, 6)
})

test('the peak is that of all scenarios together', async () => {
  const { plans } = await optionsOf('mixed', '--rate', '42')
  const rates = plans
    .filter(({ model }) => model === 'open')
    .map(({ segments }) => Math.max(...segments.map(({ to }) => to)))
  // 100 + 300 + 20 at the end of the ramp of `visits`.
  expect(rates.map((rate) => Number(rate.toFixed(6)))).toEqual([10, 30, 2])
  expect(plans.find(({ name }) => name === 'people')?.segments[0]?.to).toBe(20)
})

test('a load without an end ends after --duration', async () => {
  expect(segmentsOf(await optionsOf('classic', '--duration', '1m'))).toEqual([[60_000, 0.5, 0.5]])
})

test('a load of your own is read from its file, with all its faults', async () => {
  writeFileSync(
    join(folder, 'mine.ts'),
    `export default { scenarios: { a: { executor: 'constant-vus', vus: 3, duration: '5s', thinkTime: ['1s', '2s'] } } }`,
  )
  const { name, plans } = await optionsOf('mine.ts')
  expect(name).toBe('mine')
  expect(plans).toMatchObject([{ name: 'a', model: 'closed', thinkMs: [1_000, 2_000] }])

  writeFileSync(
    join(folder, 'faulty.ts'),
    `export default { scenarios: { a: { executor: 'constant-vus', vus: 0, duration: 'soon', rate: 3 } }, colour: 1 }`,
  )
  const faults = (await faultsOf('faulty.ts')).join('\n')
  for (const part of [
    'a.vus must be a whole number from 1 to 10000, not 0',
    'a.duration must be a time',
    'a.rate is unknown',
    'colour is unknown',
  ]) {
    expect(faults).toContain(part)
  }

  writeFileSync(join(folder, 'named.ts'), `export default { scenarios: { 'a b': {} } }`)
  expect(await faultsOf('named.ts')).toEqual(['named.ts: scenarios.a b must be letters, digits, _ or -'])
  writeFileSync(join(folder, 'empty.ts'), 'export const load = {}')
  expect(await faultsOf('empty.ts')).toEqual([expect.stringContaining('export default defineLoad')])
  writeFileSync(join(folder, 'broken.ts'), 'export default {')
  expect(await faultsOf('broken.ts')).toEqual([expect.stringContaining('broken.ts: cannot be read: ')])
})

test('compare takes two files, relative to the folder of the caller', async () => {
  expect(await readOptions(['compare', 'a.json', '/tmp/b.json'], folder)).toEqual({
    kind: 'compare',
    files: [join(folder, 'a.json'), '/tmp/b.json'],
  })
})
