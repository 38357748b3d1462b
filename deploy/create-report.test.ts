import { expect, test } from 'vitest'
import { createReport } from './create-report.ts'

function printed(isTTY: boolean): string {
  const lines: string[] = []
  createReport((line) => lines.push(line), { isTTY })('ready')
  return lines.join()
}

test('lines have the time of day on a terminal, the full time elsewhere', () => {
  expect(printed(true)).toMatch(/^\d\d:\d\d:\d\d ready$/)
  expect(printed(false)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ready$/)
})
