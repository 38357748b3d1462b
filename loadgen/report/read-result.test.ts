import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ResultFileError, readResult } from './read-result.ts'
import { testResult } from './test-result.ts'

const folder = mkdtempSync(join(tmpdir(), 'results-'))
afterAll(() => rmSync(folder, { recursive: true }))

const path = join(folder, 'summary.json')

async function faultOf(content: string): Promise<string> {
  writeFileSync(path, content)
  const fault: unknown = await readResult(path).catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(ResultFileError)
  return (fault as ResultFileError).message
}

test.each([
  ['with outcomes', testResult()],
  ['without outcomes', testResult({ outcomes: undefined })],
])('a written result is read as it was, %s', async (_, result) => {
  writeFileSync(path, JSON.stringify(result))
  expect(await readResult(path)).toEqual(result)
})

test('a missing file is reported in one line', async () => {
  const missing = join(folder, 'missing.json')
  await expect(readResult(missing)).rejects.toThrow(`cannot read ${missing}: no such file or directory`)
  await expect(readResult(missing)).rejects.toBeInstanceOf(ResultFileError)
})

test.each(['', 'no', '{"metrics":'])('%j is not JSON', async (content) => {
  expect(await faultOf(content)).toBe(`${path} is not JSON`)
})

test("k6's own summary is refused by its name", async () => {
  const summary = { root_group: { name: '' }, metrics: { http_reqs: { count: 1, rate: 1 } } }
  expect(await faultOf(JSON.stringify(summary))).toBe(
    `${path} is a k6 summary: it lacks "load", which only summaries of npm run load have`,
  )
})

test.each(['null', '[]', '3', '"text"'])('%s is no summary', async (content) => {
  expect(await faultOf(content)).toBe(`${path} is not a summary of a run: it is not an object`)
})

test.each([
  ['metrics', { load: testResult().load }],
  ['metrics.http_reqs', { ...testResult(), metrics: { http_reqs: 3 } }],
  ['load', { ...testResult(), load: null }],
  ['load.seed', { ...testResult(), load: { ...testResult().load, seed: '7' } }],
  ['load.stages.0.name', { ...testResult(), load: { ...testResult().load, stages: [{}] } }],
])('a faulty %s is named', async (where, content) => {
  expect(await faultOf(JSON.stringify(content))).toBe(
    `${path} is not a summary of a run: ${where} is missing or of another type`,
  )
})
