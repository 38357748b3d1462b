import pino from 'pino'
import { expect, test } from 'vitest'
import { consoleToLog } from './console-to-log.ts'

test('console output becomes log lines with its level', () => {
  const lines: unknown[] = []
  const log = pino({ base: null, level: 'debug' }, { write: (line) => lines.push(JSON.parse(line)) })
  const target = { ...console }
  consoleToLog(log, target)
  target.error(new Error('aborted'))
  target.warn('%s is deprecated\n  at line %d', 'signal', 3)
  target.log('a', { b: 1 })
  expect(lines).toMatchObject([
    { level: 50, msg: 'Written to the console', err: { message: 'aborted' } },
    { level: 40, msg: 'signal is deprecated\n  at line 3' },
    { level: 30, msg: 'a { b: 1 }' },
  ])
})
