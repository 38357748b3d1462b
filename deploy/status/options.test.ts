import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseStatusOptions } from './options.ts'

test('has defaults, and accepts every flag', () => {
  expect(parseStatusOptions([])).toEqual({ kind: 'options', options: { data: '.data', keyFile: undefined } })
  expect(parseStatusOptions(['--data', 'd', '--key-file', 'k'])).toEqual({
    kind: 'options',
    options: { data: 'd', keyFile: 'k' },
  })
})

test.each(['-h', '--help'])('%s shows the help', (flag) => {
  expect(parseStatusOptions([flag])).toEqual({ kind: 'help' })
})

test('reports all faults, with the most similar flag', () => {
  expect(parseStatusOptions(['--dta', 'd', 'now'])).toEqual({
    kind: 'faults',
    faults: ['--dta is unknown, did you mean --data?', 'now is not a flag'],
  })
})

test('a key file that cannot be read is a wrong flag, whether a launcher runs or not', () => {
  const main = join(import.meta.dirname, 'main.ts')
  const args = [main, '--data', 'no-such-folder', '--key-file', 'nofile']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect([status, stdout, stderr]).toEqual([2, '', '--key-file cannot be read: nofile\n'])
})
