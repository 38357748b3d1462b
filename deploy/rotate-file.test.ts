import { spawn } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { followFile } from './follow-file.ts'
import { rotateFile } from './rotate-file.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotate-file-'))
  path = join(folder, 'log')
  return () => rmSync(folder, { recursive: true })
})

const contents = () =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))

test('keeps a file that is too large and the one before it', () => {
  for (const text of ['first\n', 'second\n', 'third\n']) {
    appendFileSync(path, text)
    rotateFile(path, 1)
  }
  expect(contents()).toEqual({ log: '', 'log.1': 'third\n', 'log.2': 'second\n' })
})

test('does not touch small or missing files', () => {
  rotateFile(path)
  writeFileSync(path, 'small\n')
  rotateFile(path)
  expect(contents()).toEqual({ log: 'small\n' })
})

test('a process continues to write to its file, and followers miss nothing', async () => {
  const output = openSync(path, 'a')
  const lines: string[] = []
  followFile(path, (line) => lines.push(line))
  const writer = spawn('sh', ['-c', 'echo before; echo before too; read go; echo after; read end'], {
    stdio: ['pipe', output, output],
  })
  onTestFinished(() => void writer.kill())
  closeSync(output)
  await vi.waitFor(() => expect(lines).toContain('before'))
  await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toContain('before too'))
  // The follower does not see it before the file is truncated.
  appendFileSync(path, 'unseen\n')
  rotateFile(path, 1)
  writer.stdin?.write('\n')
  await vi.waitFor(() => expect(lines).toEqual(['before', 'before too', 'unseen', 'after']))
  expect(contents()).toEqual({ log: 'after\n', 'log.1': 'before\nbefore too\nunseen\n' })
})
