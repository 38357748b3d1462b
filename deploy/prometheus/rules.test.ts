import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { prometheusTools } from '../../test/prometheus-tools.ts'

const here = import.meta.dirname
const { promtool } = prometheusTools()
const run = async (...args: string[]) => {
  const { stdout, stderr } = await promisify(execFile)(promtool, args, { cwd: here }).catch(
    (failed: { stdout: string; stderr: string }) => failed,
  )
  return `${stdout}${stderr}`
}

test('promtool accepts the configuration with its rules', async () => {
  const checked = await run('check', 'config', 'prometheus.yml')
  expect(checked.match(/SUCCESS: \d+ rules found/g)).toHaveLength(2)
  expect(checked).not.toContain('FAILED')
})

const files = readdirSync(here).filter((name) => name.endsWith('.test.yml'))

test.each(files)(
  'the rules do what %s says',
  async (file) => {
    expect(await run('test', 'rules', file)).toMatch(/^Unit Testing: .*\n {2}SUCCESS\s*$/)
  },
  120_000,
)
