import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { formatTime, readRecordedTimes, timesFileOf } from './recorded-times.ts'

const folder = mkdtempSync(join(tmpdir(), 'times-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
function write(times: string): string {
  const path = join(folder, `${files++}.ndjson`)
  writeFileSync(timesFileOf(path), times)
  return path
}

test('the file of times is beside the file of checkouts', () => {
  expect(timesFileOf('/a/checkouts.ndjson')).toBe('/a/checkouts.times.txt')
  expect(timesFileOf('/a/mine.jsonl')).toBe('/a/mine.jsonl.times.txt')
})

test('times come back in the order of their lines, also where they are not in order of time', async () => {
  const times = [0, 20.0004, 1_000.5, 3]
  const path = write(`${times.map(formatTime).join('\n')}\n`)
  expect(await readRecordedTimes(path)).toEqual(new Float64Array([0, 20, 1_000.5, 3]))
  expect(await readRecordedTimes(write('\r\n5\r\n\n7.25'))).toEqual(new Float64Array([5, 7.25]))
})

test.each(['soon', '-1', '1e3', '2026-11-23T00:00:00Z', '1764000000000'])('%s is no time', async (text) => {
  const path = write(`1\n${text}\n`)
  expect(await readRecordedTimes(path)).toBe(
    `${timesFileOf(path)}, line 2: must be milliseconds since the start, at most 24 days, not '${text}'`,
  )
})

test('without the file of times that is said', async () => {
  const path = join(folder, 'old.ndjson')
  expect(await readRecordedTimes(path)).toBe(
    `${path} was recorded without times: there is no ${join(folder, 'old.times.txt')}`,
  )
})
