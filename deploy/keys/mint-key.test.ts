import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isSecretOf, splitKey } from '../../backbone/access/api-key.ts'
import { parseKeysFile } from '../../backbone/access/keys-file.ts'
import { parseKeyOptions } from './options.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mint-'))
  file = join(folder, 'keys.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

function run(...args: string[]) {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, main, ...args], {
    env: { PATH: process.env['PATH'], API_KEYS_FILE: file },
  })
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() }
}

const keysInFile = () => parseKeysFile(readFileSync(file, 'utf8')).keys
const web = ['--owner', 'web', '--scopes', 'write,read'] as const

test('shows a key once, and stores only its hash, in a private file', () => {
  const { exitCode, stdout, stderr } = run(...web)
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^[0-9a-f]{12}\.[\w-]{43}\n$/)
  const { id, secret } = splitKey(stdout.trim()) ?? { id: '', secret: '' }
  expect(stderr).toContain(`Added ${id} to ${file}`)
  const [key, ...others] = keysInFile()
  expect(others).toEqual([])
  expect(key).toMatchObject({ id, owner: 'web', scopes: ['write', 'read'] })
  expect(isSecretOf(key?.hash, secret)).toBe(true)
  expect(readFileSync(file, 'utf8')).not.toContain(secret)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['keys.json'])
})

test('an existing file keeps its owner and its symbolic link', () => {
  run(...web)
  chmodSync(file, 0o640)
  const name = join(folder, 'link.json')
  symlinkSync(file, name)
  expect(run(...web, '--file', name).exitCode).toBe(0)
  expect(lstatSync(name).isSymbolicLink()).toBe(true)
  expect(keysInFile()).toHaveLength(2)
  expect(statSync(file).mode & 0o777).toBe(0o640)
  expect(readdirSync(folder).toSorted()).toEqual(['keys.json', 'link.json'])
})

test('adds a key with all its properties to the existing ones', () => {
  run(...web)
  const before = keysInFile()
  const flags = ['--rate', '2.5', '--expires', '2999-01-31', '--signed']
  expect(run('--owner', 'app', '--scopes', 'read, personal', ...flags).exitCode).toBe(0)
  expect(keysInFile()).toEqual([
    ...before,
    expect.objectContaining({
      owner: 'app',
      scopes: ['read', 'personal'],
      rate: 2.5,
      expires: '2999-01-31T00:00:00Z',
      signed: true,
    }),
  ])
})

test('leaves a file alone that it cannot read', () => {
  writeFileSync(file, '{"keys": [')
  const { exitCode, stdout, stderr } = run(...web)
  expect([exitCode, stdout]).toEqual([1, ''])
  expect(stderr).toBe('the file is not JSON; nothing changed\n')
  expect(readFileSync(file, 'utf8')).toBe('{"keys": [')
})

test('wrong flags end it with 2, as they end npm start', () => {
  const { exitCode, stdout, stderr } = run('--owner', 'web', '--scopes', 'raed')
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^--scopes raed is not a scope: did you mean read\?\n/)
  expect(readdirSync(folder)).toEqual([])
})

test.each(['--help', '-h'])('%s tells all flags', (flag) => {
  const { exitCode, stdout } = run(flag)
  expect(exitCode).toBe(0)
  for (const name of ['owner', 'scopes', 'file', 'rate', 'expires', 'signed'])
    expect(stdout).toContain(`--${name}`)
})

test.each([
  [[], ['--owner is required', '--scopes is required']],
  [['--owner', 'a b', '--scopes', 'read'], ['--owner must be 1 to 64 letters, digits, ., - or _']],
  [
    ['--owner', 'web', '--scopes', 'admin,write,raed'],
    [
      '--scopes admin is not a scope: use one of write, read, personal, operate, all-owners',
      '--scopes raed is not a scope: did you mean read?',
    ],
  ],
  [
    ['--owner', 'web', '--scopes', ','],
    ['--scopes must be some of write, read, personal, operate, all-owners'],
  ],
  [
    ['--owner', 'ops', '--scopes', 'all-owners,write'],
    ['--scopes all-owners extends read and operate: add one of them'],
  ],
  [[...web, '--rate', 'fast'], ['--rate must be a number above 0']],
  [[...web, '--rate', '0'], ['--rate must be a number above 0']],
  [[...web, '--expires', 'tomorrow'], ['--expires must be a day or a time in ISO 8601 with a zone']],
  [[...web, '--expires', '2020-01-01'], ['--expires must be in the future']],
  [[...web, '--admin', 'keys.json'], ['--admin is unknown']],
  [[...web, 'keys.json'], ['keys.json is not a flag']],
  [[...web, '--expire', '2999-01-01'], ['--expire is unknown, did you mean --expires?']],
])('%j is refused: %j', (args, faults) => {
  expect(parseKeyOptions(args, 'keys.json')).toEqual({ kind: 'faults', faults })
})
