import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'

// In a separate process, whose standard output can be a terminal or not.
const RUN = `
  import { createLog } from './log.ts'
  const log = createLog('gateway', { LOG_LEVEL: 'info', INSTANCE: 'gateway-1' })
  log.warn({ error: 'refused' }, 'Kafka is not ready')
  log.info({ port: 8080 }, 'listening')
`
const command = [process.execPath, '-e', RUN]
const cwd = import.meta.dirname

test('writes JSON lines with times in ISO 8601 and levels by name', () => {
  const { stdout } = Bun.spawnSync(command, { cwd })
  const [warning, info] = stdout.toString().trim().split('\n')
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect(JSON.parse(warning ?? '')).toEqual({
    level: 'warn',
    time,
    pid: expect.any(Number),
    name: 'gateway-1',
    error: 'refused',
    msg: 'Kafka is not ready',
  })
  expect(JSON.parse(info ?? '')).toMatchObject({ level: 'info', time, msg: 'listening' })
})

test('writes readable lines to a terminal', async () => {
  let written = ''
  const child = Bun.spawn(command, {
    cwd,
    terminal: { cols: 80, rows: 24, data: (_, data) => (written += data.toString()) },
  })
  await child.exited
  await expect
    .poll(() => stripVTControlCharacters(written))
    .toMatch(
      /^\[[\d:.]+\] WARN \(gateway-1\): Kafka is not ready\s+error: "refused"\s+\[[\d:.]+\] INFO .*listening/,
    )
})
