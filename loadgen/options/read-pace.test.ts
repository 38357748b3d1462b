import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readOptions } from './options.ts'
import { OptionsError } from './options-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'pace-'))
afterAll(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'day.ndjson'), '{"id":1}\n{"id":2}\n{"id":3}\n')
writeFileSync(join(folder, 'day.times.txt'), '0.000\n1500.000\n250.000\n')
writeFileSync(join(folder, 'old.ndjson'), '{"id":1}\n')
writeFileSync(join(folder, 'short.ndjson'), '{"id":1}\n{"id":2}\n')
writeFileSync(join(folder, 'short.times.txt'), '0.000\n')

async function read(...args: string[]) {
  const command = await readOptions(args, folder)
  if (command.kind !== 'load') throw new Error(`it is ${command.kind}`)
  return command.options
}

const faultsOf = (...args: string[]): Promise<string[]> =>
  read(...args).then(
    () => [],
    (error: unknown) => {
      if (error instanceof OptionsError) return error.faults
      throw error
    },
  )

const RECORDED = ['--replay', 'day.ndjson', '--pace', 'recorded']

test('the plan is as long as the recording, divided by the speed', async () => {
  const { name, pace, plans } = await read(...RECORDED, '--speed', '2', '--timeout', '1s', '--attempts', '2')
  expect(name).toBe('recorded pace, speed 2')
  expect(pace).toEqual({ timesMs: new Float64Array([0, 1_500, 250]), speed: 2 })
  expect(plans).toMatchObject([
    { model: 'open', timeoutMs: 1_000, attempts: 2, segments: [{ durationMs: 750, from: 3, to: 3 }] },
  ])
})

test.each([
  [['--pace', 'recorded'], '--pace recorded requires --replay'],
  [['--replay', 'day.ndjson', '--speed', '2'], '--speed requires --pace recorded'],
  [
    ['--replay', 'old.ndjson', '--pace', 'recorded'],
    `--pace recorded: ${join(folder, 'old.ndjson')} was recorded without times: there is no ${join(folder, 'old.times.txt')}`,
  ],
  [
    ['--replay', 'short.ndjson', '--pace', 'recorded'],
    `--pace recorded: ${join(folder, 'short.times.txt')} and ${join(folder, 'short.ndjson')} must have as many lines, not 1 and 2`,
  ],
  [
    ['smoke', ...RECORDED],
    '--pace recorded uses the times of the recording and cannot be combined with a scenario',
  ],
  ...['--rate=5', '--vus=5', '--duration=1s', '--stage=1s:5', '--executor=constant-arrival-rate'].map(
    (flag): [string[], string] => [
      [...RECORDED, flag],
      `--pace recorded uses the times of the recording and cannot be combined with ${flag.split('=')[0]}`,
    ],
  ),
])('%j: %s', async (args, fault) => {
  expect(await faultsOf(...args)).toEqual([fault])
})

test('without --pace a recording is replayed at a rate, with times or without', async () => {
  expect(await read('--replay', 'old.ndjson')).toMatchObject({ pace: undefined, name: 'command line' })
  expect(await read('--replay', 'day.ndjson', '--rate', '5')).toMatchObject({ pace: undefined })
})
