import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'

let folder: string

/** A package that depends on neighbouring folders: npm needs no registry for it. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'install-'))
  for (const name of ['bun', 'library', 'tool', 'other']) {
    mkdirSync(join(folder, name, 'bin'), { recursive: true })
    writeFileSync(join(folder, name, 'package.json'), JSON.stringify({ name, version: '1.0.0' }))
  }
  writeFileSync(join(folder, 'bun', 'bin', 'bun.exe'), '#!/bin/sh\n', { mode: 0o755 })
  mkdirSync(join(folder, 'deploy'))
  copyFileSync(join(import.meta.dirname, 'install.mjs'), join(folder, 'deploy', 'install.mjs'))
  depend(['bun', 'library'], ['tool'])
  npm('install', '--package-lock-only')
  return () => rmSync(folder, { recursive: true })
})

function depend(names: string[], devNames: string[]) {
  const listed = (all: string[]) => Object.fromEntries(all.map((name) => [name, `file:./${name}`]))
  const contents = { dependencies: listed(names), devDependencies: listed(devNames) }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(contents))
}

function npm(...args: string[]) {
  expect(spawnSync('npm', args, { cwd: folder }).status).toBe(0)
}

function install(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('node', [join('deploy', 'install.mjs'), ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

const isThere = (name: string) => existsSync(join(folder, 'node_modules', name))
const lockfile = () => readFileSync(join(folder, 'package-lock.json'), 'utf8')

test('installs the needed packages once, and prints nothing on standard output', () => {
  expect(install()).toMatchObject({
    status: 0,
    stdout: '',
    stderr: expect.stringMatching(/^installing packages \(once\)/),
  })
  expect([isThere('library'), isThere('tool')]).toEqual([true, false])
  expect(install()).toEqual({ status: 0, stdout: '', stderr: '' })
})

describe('development tools that are there stay', () => {
  test.each([
    ['installed by a command that needs them', () => void install('--dev')],
    ['installed by hand', () => npm('ci')],
  ])('%s', (_, installTools) => {
    installTools()
    expect(isThere('tool')).toBe(true)
    expect(install()).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(isThere('tool')).toBe(true)
  })
})

test('a lockfile that does not fit package.json is an error, and stays as it is', () => {
  install()
  const before = lockfile()
  depend(['bun', 'library', 'other'], ['tool'])
  const { status, stderr } = install()
  expect(status).toBe(1)
  expect(stderr).toMatch(/^package-lock.json does not fit package.json:\nMissing: other@.*\n.*npm install\n$/)
  expect(lockfile()).toBe(before)
  expect(isThere('other')).toBe(false)
})
