import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'key-file-'))
const keyFile = join(folder, 'key')
// npm prints the script before the key, unless it is silent.
beforeAll(() =>
  writeFileSync(keyFile, '\n> checkout@1 mint-key\n> bun main.ts\n\na1b2c3d4e5f6.secret_of-tests\n'),
)
afterAll(() => rmSync(folder, { recursive: true }))

test.each([['partitions'], ['events', 'list'], ['status']])(
  '%s: a key file that is no key is a wrong flag, and is not shown',
  (command, ...args) => {
    const main = join(import.meta.dirname, command, 'main.ts')
    const run = spawnSync(process.execPath, [main, ...args, '--key-file', keyFile], { encoding: 'utf8' })
    expect([run.status, run.stdout, run.stderr]).toEqual([
      2,
      '',
      `--key-file contains no API key: ${keyFile}\n`,
    ])
  },
)
