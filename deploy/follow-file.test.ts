import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { followFile } from './follow-file.ts'

test('passes on complete added lines, and no existing ones', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'follow-file-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'log')
  writeFileSync(path, 'before\n')
  const lines: string[] = []
  followFile(path, (line) => lines.push(line))

  const bytes = Buffer.from('uno\nniño\n')
  const middleOfN = bytes.indexOf('ñ') + 1
  appendFileSync(path, bytes.subarray(0, middleOfN))
  await vi.waitFor(() => expect(lines).toEqual(['uno']))
  appendFileSync(path, bytes.subarray(middleOfN))
  await vi.waitFor(() => expect(lines).toEqual(['uno', 'niño']))
})
