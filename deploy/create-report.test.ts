import { expect, test } from 'vitest'
import { createReport } from './create-report.ts'

function written(isTTY: boolean): string {
  let text = ''
  const out = { isTTY, write: (chunk: string) => (text += chunk) } as unknown as NodeJS.WriteStream
  createReport(out)('ready')
  return text
}

test('lines have the time of day on a terminal, the full time elsewhere', () => {
  expect(written(true)).toMatch(/^\d\d:\d\d:\d\d ready\n$/)
  expect(written(false)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ready\n$/)
})
