import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { findLoad } from './find-load.ts'

const folder = mkdtempSync(join(tmpdir(), 'find-load-'))

function find(name: string, source: string) {
  writeFileSync(join(folder, name), source)
  return findLoad(name, folder)
}

test.each([
  ['exported.ts', 'export const options = { vus: 5 }\nexport default function () {}'],
  ['imported.js', `import http from 'k6/http'\nexport default () => http.get('/')`],
])('%s is recognised as a k6 script', async (name, source) => {
  expect(await find(name, source)).toEqual([
    `${name}: this is a k6 script: a load is export default defineLoad({ scenarios, thresholds })`,
  ])
})

// In a process of its own: here Vite would read the file, and only Bun reports the position of a syntax error.
test('the position of a syntax error is reported', () => {
  writeFileSync(join(folder, 'syntax.ts'), 'export default {\n  a: 1,\n  b: = 3\n}\n')
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [main, join(folder, 'syntax.ts')], {
    encoding: 'utf8',
  })
  expect(stderr).toMatch(/syntax\.ts: cannot be read: .*=.* \(line 3, column 6\)\n$/)
  expect(status).toBe(107)
})

test('an error thrown by a file is reported', async () => {
  expect(await find('throws.ts', `throw new Error('no rate is set')`)).toEqual([
    'throws.ts: cannot be read: no rate is set',
  ])
})
