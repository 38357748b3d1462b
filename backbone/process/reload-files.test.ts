import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { reloadFiles } from './reload-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reload-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const SOON = { timeout: 10_000 }

function parse(texts: string[]): string {
  if (texts.includes('')) throw new Error('empty')
  return texts.join('+')
}

function reload(...names: string[]) {
  const onReload = vi.fn<(value: string) => void>()
  const onFault = vi.fn<(error: unknown) => void>()
  const reloaded = reloadFiles({ paths: names.map((name) => join(folder, name)), parse, onReload, onFault })
  onTestFinished(reloaded.stop)
  return { ...reloaded, onReload, onFault }
}

const write = (name: string, text: string) => writeFileSync(join(folder, name), text)

test.each([
  ['written', () => write('a', 'new')],
  [
    'replaced by a rename',
    () => {
      write('next', 'new')
      renameSync(join(folder, 'next'), join(folder, 'a'))
    },
  ],
])('a file that is %s is read again, together with the others', async (_, change) => {
  write('a', 'old')
  write('b', 'same')
  const { current, onReload } = reload('a', 'b')
  expect(current()).toBe('old+same')
  change()
  await vi.waitFor(() => expect(current()).toBe('new+same'), SOON)
  expect(onReload.mock.calls).toEqual([['new+same']])
})

test('a mounted secret of Kubernetes is read again: its folder is a link that is replaced', async () => {
  const publish = (version: string) => {
    mkdirSync(join(folder, version))
    write(`${version}/password`, version)
    symlinkSync(version, join(folder, '..data_tmp'))
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
  }
  publish('first')
  symlinkSync('..data/password', join(folder, 'password'))
  const { current } = reload('password')
  expect(current()).toBe('first')
  publish('second')
  await vi.waitFor(() => expect(current()).toBe('second'), SOON)
})

test('an invalid or missing file keeps the previous value and is reported once, until it is valid again', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  write('a', 'old')
  const { current, onFault, onReload } = reload('a')
  const faults = () => onFault.mock.calls.map(([error]) => String(error))
  write('a', '')
  await vi.waitFor(() => expect(faults()).toEqual(['Error: empty']), SOON)
  rmSync(join(folder, 'a'))
  await vi.waitFor(() => expect(faults()[1]).toContain('ENOENT'), SOON)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(faults()).toHaveLength(2)
  expect(current()).toBe('old')
  write('a', 'new')
  await vi.waitFor(() => expect(onReload).toHaveBeenCalledWith('new'), SOON)
})

test('throws when the first content is invalid or missing', () => {
  write('a', '')
  expect(() => reload('a')).toThrow('empty')
  expect(() => reload('none')).toThrow('ENOENT')
})
