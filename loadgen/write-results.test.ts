import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { testResult } from './report/test-result.ts'
import { writeResults } from './write-results.ts'

const folder = mkdtempSync(join(tmpdir(), 'results-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a file that cannot be written is named with the reason, and the other one is written', async () => {
  const [json, page, nowhere] = ['a.json', 'a.html', 'gone/a'].map((name) => join(folder, name))
  const failure = `cannot write ${nowhere}: no such file or directory`
  expect(await writeResults(testResult(), { summaryExport: nowhere, report: page })).toEqual([failure])
  expect(readFileSync(page ?? '', 'utf8')).toContain('</html>')
  expect(await writeResults(testResult(), { summaryExport: json, report: nowhere })).toEqual([failure])
  expect(JSON.parse(readFileSync(json ?? '', 'utf8')).load.seed).toBe(7)
})

test('only requested files are written', async () => {
  expect(await writeResults(testResult(), { summaryExport: undefined, report: undefined })).toEqual([])
})
