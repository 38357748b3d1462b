import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { help, parseMessageOptions } from './options.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'messages-'))
  const rules = { defaultLanguage: 'es', kinds: [{ kind: 'quick' }, { kind: 'slow' }] }
  writeFileSync(join(folder, 'rules.json'), JSON.stringify(rules))
  writeFileSync(join(folder, 'quick.es.txt'), 'Hola {nombre}\n')
  writeFileSync(join(folder, 'slow.es.txt'), 'Lo sentimos, {nombre}\n')
  writeFileSync(join(folder, 'slow.es.recorrido.txt'), '{etapa_lenta}\n')
})
afterEach(() => rmSync(folder, { recursive: true }))

function run(args: string[], stdin = '') {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, main, ...args], {
    env: { PATH: process.env['PATH'], MESSAGES_DIR: folder, QUICK_MINUTES: '17' },
    stdin: Buffer.from(stdin),
  })
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() }
}

test('check says what is in force', () => {
  expect(run(['check'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('quick: up to 17 minutes\n  slow: all longer purchases\n'),
  })
})

test('check lists all faults', () => {
  writeFileSync(join(folder, 'slow.es.txt'), '\n{nombe}{')
  expect(run(['check', folder])).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: [
      `${folder}/slow.es.txt:2: {nombe} is not a placeholder; did you mean {nombre}?`,
      `${folder}/slow.es.txt:2: a { without a }: write {{ for a brace`,
      '',
    ].join('\n'),
  })
})

test('preview shows the message of an example, and why not another one', () => {
  expect(run(['preview'])).toEqual({
    exitCode: 0,
    stdout: 'Lo sentimos, Scarlett\n',
    stderr:
      'kind slow, slow.es.txt; the checkout has no value for {etapa_lenta} of the variant for recorrido\n\n',
  })
})

test('preview takes a checkout, a kind and a language', () => {
  const args = ['preview', folder, '--kind', 'quick', '--language', 'es', '--checkout', '-']
  expect(run(args, JSON.stringify({ ...boughtQuickly, nombre: 'Ana' }))).toMatchObject({
    exitCode: 0,
    stdout: 'Hola Ana\n',
  })
  expect(run(['preview', '--checkout', '-'], JSON.stringify(didNotBuy))).toMatchObject({
    exitCode: 0,
    stdout: '',
    stderr: 'kind none: no message\n',
  })
})

test.each([
  [
    ['--kind', 'slwo', '--language', 'en'],
    '--kind must be one of quick, slow\n--language must be one of es\n',
  ],
  [['--checkout', '-'], '--checkout is empty\n'],
])('preview %j has faults', (flags, stderr) => {
  expect(run(['preview', ...flags])).toEqual({ exitCode: 1, stdout: '', stderr })
})

test('reports all faults of its flags', () => {
  const parsed = parseMessageOptions(['chek', 'a', 'b', '--kindd', 'x', '--checkout', '/x/y'], {
    QUICK_MINUTES: '0',
  })
  expect(parsed).toEqual({
    action: 'faults',
    faults: [
      '--kindd is unknown, did you mean --kind?',
      'chek is unknown: check or preview',
      'b is too much: one folder is checked',
      '--checkout /x/y does not exist',
      'QUICK_MINUTES: must be a number above 0',
    ],
  })
  expect(run(['check', '--kind', 'slow']).exitCode).toBe(2)
  expect(run(['-h'])).toEqual({ exitCode: 0, stdout: help, stderr: '' })
})
